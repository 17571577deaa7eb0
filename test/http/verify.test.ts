/** `POST {mount}/verify`: the order of the checks, the cost of each wrong code, and the effect of the right one. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Answer, Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { isIn } from '../support/in-or-out.js'
import { failTimes, roomyPolicy } from '../support/misuse.js'
import { expectProblem } from '../support/problem.js'

const path = '/second-factor/verify'

let app: TestApp
let alice: Browser
beforeEach(async () => {
  app = await startTestApp()
  alice = await app.login('alice')
})
afterEach(() => app.close())

const restart = async (policy: object) => {
  await app.close()
  app = await startTestApp({ secondFactor: { policy } })
  alice = await app.login('alice')
}
const right = () => app.codeFor('alice')
const wrong = () => wrongCode(app.codeFor('alice'))
const verify = (code: unknown, browser = alice) => browser.post(path, { code })

function expectPassed(answer: Answer, passedAt: string, expiresAt: string): void {
  expect([answer.status, answer.json]).toEqual([
    200,
    {
      ...{ status: 'passed', method: 'sms', amr: ['pwd', 'otp', 'sms', 'mfa'] },
      ...{ passedAt, expiresAt, returnTo: '/account' },
    },
  ])
}

describe('the right code', () => {
  test('passes the second factor of this session', async () => {
    app.clock.advance(7)
    expectPassed(await verify(right()), app.clock.iso(), app.clock.iso(43_200))
    expect(await isIn(alice)).toBe(true)
  })

  test.each([
    ['spaces', (code: string) => ` ${code.slice(0, 3)} ${code.slice(3)} `],
    ['hyphens', (code: string) => `${code.slice(0, 2)}-${code.slice(2, 4)}-${code.slice(4)}`],
    ['many of both', (code: string) => code.split('').join(' - ')],
  ])('can be written with %s', async (_name, spell) => {
    expect((await verify(spell(right()))).status).toBe(200)
  })

  test('passes until the grace after the expiry is over and never after', async () => {
    app.clock.advance(309.999)
    expect((await verify(right())).status).toBe(200)
    const bob = await app.login('bob')
    app.clock.advance(310)
    expectProblem(await verify(app.codeFor('bob'), bob), 'code_expired')
    expect(await isIn(bob)).toBe(false)
  })

  test('passes once across all sessions', async () => {
    const [code, before] = [right(), alice.copy()]
    await verify(code)
    expectProblem(await verify(code, before), 'login_required')
    const other = await app.login('alice')
    expect(right()).not.toBe(code)
    expectProblem(await verify(code, other), 'code_incorrect', { attemptsLeft: 4 })
  })

  test('clears the consecutive failures', async () => {
    for (let tries = 0; tries < 4; tries += 1) await verify(wrong())
    expect((await app.store.read('1'))?.failures).toBe(4)
    await verify(right())
    expect((await app.store.read('1'))?.failures).toBe(0)
  })
})

describe('checks in order', () => {
  test('the login before the form', async () => {
    expectProblem(await verify([], app.browser()), 'login_required')
  })

  test('the form before the lock', async () => {
    await restart(roomyPolicy)
    await failTimes(app, alice, 'alice', 10)
    expectProblem(await verify('12345'), 'malformed_request')
  })

  test('the lock before the running challenge', async () => {
    await restart(roomyPolicy)
    await failTimes(app, alice, 'alice', 10)
    const other = await app.login('alice')
    const lock = { retryAt: app.clock.iso(1800), retryAfterSeconds: 1800 }
    expectProblem(await verify(right(), other), 'locked_out', lock)
  })

  test('the lock before the budget', async () => {
    await restart(roomyPolicy)
    await failTimes(app, alice, 'alice', 10)
    const lock = { retryAt: app.clock.iso(1800), retryAfterSeconds: 1800 }
    expectProblem(await verify(right()), 'locked_out', lock)
  })

  test('the running challenge before its budget and its expiry', async () => {
    for (let tries = 0; tries < 5; tries += 1) await verify(wrong())
    app.clock.advance(400)
    const other = app.browser()
    await other.post('/password', { username: 'alice', password: 'password' })
    expectProblem(await verify(right(), other), 'no_challenge')
  })

  test('its budget before its expiry', async () => {
    for (let tries = 0; tries < 5; tries += 1) await verify(wrong())
    app.clock.advance(400)
    expectProblem(await verify(right()), 'attempts_exhausted', {
      ...{ attemptsLeft: 0, retryAt: app.clock.iso(), retryAfterSeconds: 1 },
    })
  })

  test('its expiry before the code', async () => {
    app.clock.advance(310)
    expectProblem(await verify(wrong()), 'code_expired')
    expect((await app.store.read('1'))?.failures).toBe(0)
  })
})

describe('a malformed code', () => {
  test.each([
    ['too short', '12345'],
    ['too long', '1234567'],
    ['with letters', '12345a'],
    ['in hexadecimal', '0x1E24'],
    ['with a sign', '+12345'],
    ['with a point', '12345.'],
    ['with another behind a line end', '123456\n123456'],
    ['with a NUL', '123456\u0000'],
    ['with half a character', '123456\ud800'],
    ['among 507 spaces', '123456'.padStart(513)],
    ['in superscript', '¹²³⁴⁵⁶'],
    ['of a message with two', 'Your codes: 123456 and 654321'],
  ])('%s is malformed and not counted', async (_name, code) => {
    const row = await app.store.read('1')
    expectProblem(await verify(code), 'malformed_request')
    expect(await app.store.read('1')).toEqual(row)
  })
})

describe('this session has no challenge', () => {
  test('before a code is requested, and after it is used or cancelled', async () => {
    const bob = app.browser()
    await bob.post('/password', { username: 'bob', password: 'password' })
    expectProblem(await verify('123456', bob), 'no_challenge')
    await alice.delete('/second-factor/challenge')
    expectProblem(await verify(right()), 'no_challenge')
  })

  test('while a phone is being verified', async () => {
    const carol = await app.login('carol')
    await carol.post('/second-factor/phone', { phone: '+33612345678' })
    const code = app.inbox.inbox('+33612345678')[0]?.code
    expectProblem(await verify(code, carol), 'no_challenge')
  })
})

describe('a session that has passed', () => {
  let passedAt: string
  let expiresAt: string
  beforeEach(async () => {
    ;[passedAt, expiresAt] = [app.clock.iso(), app.clock.iso(43_200)]
    await verify(right())
    app.clock.advance(20)
  })

  test('gets the same response whatever the code if there is no challenge', async () => {
    const row = await app.store.read('1')
    expectPassed(await verify(right()), passedAt, expiresAt)
    expectPassed(await verify(wrong()), passedAt, expiresAt)
    expect(await app.store.read('1')).toEqual(row)
    expectProblem(await verify('abc'), 'malformed_request')
  })

  test('gets the same response even while another session’s failures lock the user', async () => {
    const other = await app.login('alice')
    await failTimes(app, other, 'alice', 10)
    expect((await verify(right(), other)).json['code']).toBe('locked_out')
    expectPassed(await verify(wrong()), passedAt, expiresAt)
    expect(await isIn(alice)).toBe(true)
  })

  test('is judged if there is a challenge, and stays passed after a wrong code', async () => {
    await alice.post('/second-factor/challenge')
    expectProblem(await verify(wrong()), 'code_incorrect', { attemptsLeft: 4 })
    expect(await isIn(alice)).toBe(true)
    expectPassed(await verify(right()), app.clock.iso(), app.clock.iso(43_200))
    expect((await app.store.read('1'))?.grants).toHaveLength(1)
  })

  test('is not reported as passed while a phone is being verified in it', async () => {
    await alice.post('/second-factor/phone', { phone: '+33612345678' })
    const code = app.inbox.inbox('+33612345678')[0]?.code ?? ''
    const row = await app.store.read('1')
    for (const tried of [code, wrongCode(code), right()]) {
      expectProblem(await verify(tried), 'no_challenge')
    }
    expect([await app.store.read('1'), await isIn(alice)]).toEqual([row, true])
    expect((await alice.post('/second-factor/phone/verify', { code })).status).toBe(200)
  })

  test('gets the same response once a phone verification has expired', async () => {
    await alice.post('/second-factor/phone', { phone: '+33612345678' })
    app.clock.advance(400)
    expectPassed(await verify(wrong()), passedAt, expiresAt)
  })

  test('gets the same response once its challenge is cancelled', async () => {
    await alice.post('/second-factor/challenge')
    await alice.delete('/second-factor/challenge')
    expectPassed(await verify(wrong()), passedAt, expiresAt)
  })

  test('is also held to its challenge’s attempts and expiry', async () => {
    await alice.post('/second-factor/challenge')
    for (let tries = 0; tries < 5; tries += 1) await verify(wrong())
    expect((await verify(right())).json).toMatchObject({ code: 'attempts_exhausted' })
    app.clock.advance(30)
    await alice.post('/second-factor/challenge')
    app.clock.advance(310)
    expectProblem(await verify(right()), 'code_expired')
    expect(await isIn(alice)).toBe(true)
  })
})
