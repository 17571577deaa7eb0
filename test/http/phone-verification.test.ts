/** The endpoints that prove control of a phone, for an application without a login. */

import express from 'express'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { ConfigurationError, type SendResult } from '../../src/index.js'
import { startTestApp } from '../support/app.js'
import type { Answer } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { erins, nobodys, startPhoneApp, type PhoneApp } from '../support/phone-verification.js'
import { expectProblem, retrySoon } from '../support/problem.js'

let app: PhoneApp
beforeEach(async () => {
  app = await startPhoneApp()
})
afterEach(() => app.close())

/** Starts the application anew with other options. */
async function restart(options: Parameters<typeof startPhoneApp>[0]): Promise<void> {
  await app.close()
  app = await startPhoneApp(options)
}

function expectSuccess(answer: Answer, body: object): void {
  expect([answer.status, answer.json]).toEqual([200, body])
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.getSetCookie()).toEqual([])
}

const sentAnswer = { message: 'A code was sent to the phone.', expires_in: 300 }
const verifiedAnswer = { message: 'The phone is verified.' }

describe('a person who holds the phone', () => {
  test('gets a code and is marked verified by it once', async () => {
    expectSuccess(await app.generate(), sentAnswer)
    expect(app.inbox.inbox().map(({ to, code }) => [to, code.length])).toEqual([[erins, 6]])
    expect(app.verified).toEqual([])

    expectSuccess(await app.verify(app.codeTo()), verifiedAnswer)
    expect(app.verified).toEqual([{ username: 'erin', phone: erins }])

    expectProblem(await app.verify(app.codeTo()), 'no_challenge', {}, 400)
    expect(app.verified).toHaveLength(1)
  })

  test.each([
    ['JSON with slashes', 'post', '/'],
    ['JSON without', 'post', ''],
    ['a form with slashes', 'submit', '/'],
    ['a form without', 'submit', ''],
  ] as const)('can send %s and gets JSON', async (_what, send, slash) => {
    expectSuccess(
      await app.client[send](`/otp/generate${slash}`, { phone_number: erins }),
      sentAnswer,
    )
    const wrong = { phone_number: erins, otp: wrongCode(app.codeTo()) }
    const refused = await app.client[send](`/otp/verify${slash}`, wrong)
    expectProblem(refused, 'code_incorrect', { attemptsLeft: 4 }, 400)
    const right = { phone_number: erins, otp: app.codeTo() }
    expectSuccess(await app.client[send](`/otp/verify${slash}`, right), verifiedAnswer)
  })

  test('can type the code the way people do, and spell the phone differently', async () => {
    await app.generate('+1 (415) 555-0123')
    const code = app.codeTo()
    const typed = ` ${code.slice(0, 3)}-${code.slice(3)}`
    expectSuccess(await app.verify(typed, '001 415.555.0123'), verifiedAnswer)
    expect(app.verified).toEqual([{ username: 'erin', phone: erins }])
  })

  test('is sent the same code again after the wait, with the remaining attempts', async () => {
    await app.generate()
    const code = app.codeTo()
    await app.verify(wrongCode(code))
    app.clock.advance(30)
    expectSuccess(await app.generate(), { ...sentAnswer, expires_in: 270 })
    expect(app.inbox.inbox(erins).map((message) => message.code)).toEqual([code, code])
    expectProblem(await app.verify(wrongCode(code)), 'code_incorrect', { attemptsLeft: 3 }, 400)
    expectSuccess(await app.verify(code), verifiedAnswer)
  })

  test('gets the message in the browser’s language', async () => {
    const headers = {
      'content-type': 'application/json',
      'accept-language': 'it-IT, fr-CH;q=0.9, en;q=0.8',
    }
    const body = JSON.stringify({ phone_number: erins })
    await app.client.ask('/otp/generate/', { method: 'POST', headers, body })
    expect(app.inbox.inbox()[0]?.text).toContain('est votre code')
  })
})

describe('an invalid request', () => {
  const absent = [undefined, null, '', ' ', 14155550123, [erins], { number: erins }, true]
  const invalid = ['12', '+1 415 555', 'erin', `${erins}x5`, `${erins};ext=5`, `${erins},${erins}`]

  test.each(absent)('is refused if it has no phone: %j', async (phone_number) => {
    for (const path of ['generate', 'verify']) {
      const answer = await app.client.post(`/otp/${path}/`, { phone_number, otp: '123456' })
      expectProblem(answer, 'malformed_request')
    }
    expect(app.inbox.inbox()).toEqual([])
  })

  test.each([...invalid, '+14155550123\u0000', '+1415555\u200B012', '4155550123'])(
    'is refused with 400 if the phone is invalid: %j',
    async (phone_number) => {
      for (const path of ['generate', 'verify']) {
        const answer = await app.client.post(`/otp/${path}/`, { phone_number, otp: '123456' })
        expectProblem(answer, 'destination_invalid', {}, 400)
      }
      expect(app.inbox.inbox()).toEqual([])
    },
  )

  test.each([
    undefined,
    '',
    '12345',
    '1234567',
    'abcdef',
    123456,
    ['123456'],
    '１２３４５',
    '+12345',
  ])('is refused without counting if the code is malformed: %j', async (otp) => {
    await app.generate()
    const before = await app.store.read(`tel:${erins}`)
    const answer = await app.client.post('/otp/verify/', { phone_number: erins, otp })
    expectProblem(answer, 'malformed_request')
    expect(await app.store.read(`tel:${erins}`)).toEqual(before)
  })

  test('is refused with the status for its body', async () => {
    const ask = (type: string, body: string) =>
      app.client.ask('/otp/generate/', { method: 'POST', headers: { 'content-type': type }, body })
    expectProblem(await app.client.ask('/otp/generate', { method: 'POST' }), 'malformed_request')
    expectProblem(await ask('application/json', '{'), 'malformed_request')
    expectProblem(await ask('application/json', `["${erins}"]`), 'malformed_request')
    expectProblem(await ask('text/plain', erins), 'unsupported_media_type')
    expectProblem(await ask('application/json', `"${'1'.repeat(5_000)}"`), 'body_too_large')
    const inQuery = await app.client.post(
      `/otp/generate/?phone_number=${encodeURIComponent(erins)}`,
    )
    expectProblem(inQuery, 'malformed_request')
    expect(app.inbox.inbox()).toEqual([])
  })

  test.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'gets 405 with Allow if its method is %s, in JSON even for browsers',
    async (method) => {
      for (const path of ['/otp/generate', '/otp/generate/', '/otp/verify', '/otp/verify/']) {
        const answer = await app.client.ask(path, { method, headers: { accept: 'text/html' } })
        expectProblem(answer, 'method_not_allowed')
        expect(answer.headers.get('allow')).toBe('POST')
      }
    },
  )

  test.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
  ])('is refused if another site made the browser send it: %j', async (from) => {
    const headers = { 'content-type': 'application/json', accept: 'text/html', ...from }
    for (const path of ['generate', 'verify']) {
      const body = JSON.stringify({ phone_number: erins, otp: '123456' })
      const answer = await app.client.ask(`/otp/${path}/`, { method: 'POST', headers, body })
      expectProblem(answer, 'cross_site_request')
    }
    expect(app.inbox.inbox()).toEqual([])
  })
})

describe('a refused phone', () => {
  test('is sent nothing if its country or type is not allowed', async () => {
    await restart({ phone: { allowedCountries: ['US'] } })
    for (const phone of ['+237671234567', '+19005550123', '+18005550123']) {
      expectProblem(await app.generate(phone), 'destination_blocked')
    }
    expect(app.inbox.inbox()).toEqual([])
  })

  test('has to wait for the next code, and learns nothing about the pending one', async () => {
    await app.generate()
    const facts = { retryAt: app.clock.iso(30), retryAfterSeconds: 30 }
    expectProblem(await app.generate(), 'cooldown', facts)
    for (const spelling of [
      '+1 415 555 0123',
      'tel:+1-415-555-0123',
      '００１４１５５５５０１２３',
    ]) {
      expectProblem(await app.generate(spelling), 'cooldown', facts)
    }
    expect(app.inbox.inbox()).toHaveLength(1)
  })

  test('has to wait a day after the last code of the daily limit', async () => {
    await restart({ policy: { sendsPerDay: 2 } })
    await app.generate()
    app.clock.advance(30)
    await app.generate()
    app.clock.advance(60)
    const facts = { retryAt: app.clock.iso(86_310), retryAfterSeconds: 86_310 }
    expectProblem(await app.generate(), 'send_limit', facts)
  })
})

describe('a refused code', () => {
  test('uses up the attempts of its challenge, after which even the right one is refused', async () => {
    await app.generate()
    const code = app.codeTo()
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      expectProblem(await app.verify(wrongCode(code)), 'code_incorrect', { attemptsLeft }, 400)
    }
    const facts = { attemptsLeft: 0, retryAt: app.clock.iso(30), retryAfterSeconds: 30 }
    expectProblem(await app.verify(wrongCode(code)), 'attempts_exhausted', facts, 400)
    expectProblem(await app.verify(code), 'attempts_exhausted', facts, 400)
    expect([app.verified, app.lookups]).toEqual([[], []])
  })

  test('can have expired', async () => {
    await app.generate()
    app.clock.advance(310)
    expectProblem(await app.verify(app.codeTo()), 'code_expired', {}, 400)
    expect(app.lookups).toEqual([])
  })

  test('can be one never requested, or another phone’s', async () => {
    expectProblem(await app.verify('123456'), 'no_challenge', {}, 400)
    await app.generate()
    await app.generate(nobodys)
    expect(app.codeTo()).not.toBe(app.codeTo(nobodys))
    const answer = await app.verify(app.codeTo(), nobodys)
    expectProblem(answer, 'code_incorrect', { attemptsLeft: 4 }, 400)
  })

  test('locks the phone at every tenth failure, for codes and for guesses', async () => {
    await restart({ policy: { lockLadderSeconds: [1_800], resendLadderSeconds: [1] } })
    for (let challenge = 0; challenge < 2; challenge += 1) {
      await app.generate()
      for (let tries = 0; tries < 5; tries += 1) await app.verify(wrongCode(app.codeTo()))
      app.clock.advance(1)
    }
    const facts = { retryAt: app.clock.iso(1_799), retryAfterSeconds: 1_799 }
    expectProblem(await app.generate(), 'locked_out', facts)
    expectProblem(await app.verify(app.codeTo()), 'locked_out', facts)
    expectProblem(await app.verify(wrongCode(app.codeTo())), 'locked_out', facts)
  })
})

describe('a phone of no user', () => {
  test('is reported only after the right code, which is then used', async () => {
    expectSuccess(await app.generate(nobodys), sentAnswer)
    const code = app.codeTo(nobodys)
    expectProblem(
      await app.verify(wrongCode(code), nobodys),
      'code_incorrect',
      { attemptsLeft: 4 },
      400,
    )
    expect(app.lookups).toEqual([])
    expectProblem(await app.verify(code, nobodys), 'unknown_number')
    expect(app.lookups).toEqual([nobodys])
    expectProblem(await app.verify(code, nobodys), 'no_challenge', {}, 400)
    expect(app.verified).toEqual([])
  })

  test('is reported if the application returns nothing at all', async () => {
    await restart({ users: { findByPhone: () => undefined } })
    await app.generate()
    expectProblem(await app.verify(app.codeTo()), 'unknown_number')
  })
})

describe('a fault', () => {
  test.each(['findByPhone', 'setVerifiedPhone'])(
    'in users.%s is 503 and that code verifies nobody',
    async (name) => {
      const fail = () => Promise.reject(new Error(`cannot reach ${erins}`))
      await restart({ users: { [name]: fail } })
      await app.generate()
      const answer = await app.verify(app.codeTo())
      expectProblem(answer, 'store_unavailable', retrySoon(app))
      expect(answer.text).not.toContain('4155550123')
      expectProblem(await app.verify(app.codeTo()), 'no_challenge', {}, 400)
      expect([app.verified, app.faults]).toEqual([[], []])
    },
  )

  test('in the store is 503', async () => {
    const down = () => Promise.reject(new Error('down'))
    await restart({ store: { read: down, compareAndSwap: down, delete: down } })
    expectProblem(await app.generate(), 'store_unavailable', retrySoon(app))
    expectProblem(await app.verify('123456'), 'store_unavailable', retrySoon(app))
  })

  const wait = (seconds: number) => ({
    retryAt: app.clock.iso(seconds),
    retryAfterSeconds: seconds,
  })
  test.each<[SendResult, Parameters<typeof expectProblem>[1], number | null, number]>([
    [{ status: 'maybe_sent' }, 'delivery_failed', 30, 502],
    [{ status: 'operator_fault', reason: 'key' }, 'service_misconfigured', null, 502],
    [{ status: 'rejected', reason: 'destination_invalid' }, 'destination_invalid', null, 400],
    [{ status: 'rejected', reason: 'destination_blocked' }, 'destination_blocked', null, 422],
    [{ status: 'rejected', reason: 'unavailable' }, 'delivery_unavailable', 30, 503],
    [{ status: 'rejected', reason: 'send_limit' }, 'send_limit', 30, 429],
  ])('of the sender is told as elsewhere: %j', async (result, code, seconds, status) => {
    await restart({ sender: { channel: 'sms', send: () => Promise.resolve(result) } })
    const facts = seconds === null ? {} : wait(seconds)
    expectProblem(await app.generate(), code, facts, status)
  })
})

describe('the router', () => {
  test.each(['findByPhone', 'setVerifiedPhone'])(
    'cannot be made without users.%s',
    async (name) => {
      const made = startPhoneApp({ users: { [name]: undefined } })
      await expect(made).rejects.toThrow(ConfigurationError)
      await expect(made).rejects.toThrow(/users\.findByPhone and users\.setVerifiedPhone/)
    },
  )

  test('serves two paths and leaves the rest to the application', async () => {
    for (const path of ['/otp', '/otp/', '/otp/generate/x', '/otp/reset']) {
      expect((await app.client.post(path)).status).toBe(404)
    }
  })

  test('works behind the application’s body parsers and without its session', async () => {
    const parsing = await startTestApp({
      secondFactor: {
        users: {
          id: () => 1,
          phone: () => erins,
          findByPhone: () => null,
          setVerifiedPhone: () => null,
        },
      },
      before(server) {
        server.use('/otp', express.json(), (req, res, next) => {
          late(req, res, next)
        })
      },
    })
    const late = parsing.secondFactor.phoneVerificationRouter()
    const answer = await parsing.browser().post('/otp/generate', { phone_number: erins })
    await parsing.close()
    expectSuccess(answer, sentAnswer)
  })

  test('shows only two digits of the phone in its events', async () => {
    await app.generate()
    await app.verify(wrongCode(app.codeTo()))
    await app.verify(app.codeTo())
    expect(
      app.events.map((event) => [event.type, 'subject' in event ? event.subject : null]),
    ).toEqual([
      ['challenge_sent', 'tel:••••23'],
      ['verify_refused', 'tel:••••23'],
      ['passed', 'tel:••••23'],
      ['phone_verified', 'tel:••••23'],
    ])
    expect(JSON.stringify(app.events)).not.toContain('4155550123')
  })
})
