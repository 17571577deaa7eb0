/** `POST` and `DELETE {mount}/challenge`: when a code is sent, which one, and when it is cancelled. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { consoleSender } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import type { Answer, Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { failTimes, roomyPolicy } from '../support/misuse.js'
import { expectProblem } from '../support/problem.js'

const challenge = '/second-factor/challenge'
const verify = '/second-factor/verify'

let app: TestApp
let alice: Browser
beforeEach(async () => {
  app = await startTestApp()
  alice = await app.login('alice')
})
afterEach(() => app.close())

/** A new challenge as the API returns it, with some fields replaced. */
function fresh(said: object = {}): object {
  return {
    ...{ status: 'pending', method: 'sms', channel: 'sms', destination: '••••67' },
    ...{ codeLength: 6, attemptsLeft: 5, expiresAt: app.clock.iso(300), expiresInSeconds: 300 },
    ...{ resendAt: app.clock.iso(30), resendInSeconds: 30, ...said },
  }
}

function expectSent(answer: Answer, view: object): void {
  expect([answer.status, answer.json]).toEqual([201, view])
}

const codes = () => app.inbox.inbox('+237671234567').map(({ code }) => code)

const restart = async (options: Parameters<typeof startTestApp>[0]) => {
  await app.close()
  app = await startTestApp(options)
  alice = await app.login('alice')
}

describe('the first code', () => {
  test('is sent by the first POST if the login sent none', async () => {
    const bob = app.browser()
    await bob.post('/password', { username: 'bob', password: 'password' })
    expect(app.inbox.inbox('+919876543210')).toHaveLength(0)
    expectSent(await bob.post(challenge), fresh({ destination: '••••10' }))
    expect(app.inbox.inbox('+919876543210')).toHaveLength(1)
    const code = app.codeFor('bob')
    expect((await bob.post(verify, { code })).status).toBe(200)
  })

  test('names its channel', async () => {
    await restart({ sender: { ...consoleSender({ print: () => undefined }), channel: 'call' } })
    const status = await alice.get('/second-factor/')
    expect(status.json['challenge']).toEqual(fresh({ channel: 'call' }))
  })

  test('has the number of digits the policy sets', async () => {
    await restart({ secondFactor: { policy: { codeLength: 8 } } })
    const status = await alice.get('/second-factor/')
    expect(status.json['challenge']).toEqual(fresh({ codeLength: 8 }))
    expect(app.codeFor('alice')).toMatch(/^\d{8}$/)
  })
})

describe('a resend by the session that asked', () => {
  test('carries the same code and leaves attempts and expiry unchanged', async () => {
    const expiresAt = app.clock.iso(300)
    await alice.post(verify, { code: wrongCode(app.codeFor('alice')) })
    app.clock.advance(45)
    expectSent(
      await alice.post(challenge),
      fresh({
        ...{ attemptsLeft: 4, expiresAt, expiresInSeconds: 255 },
        ...{ resendAt: app.clock.iso(60), resendInSeconds: 60 },
      }),
    )
    expect(codes()).toEqual([codes()[0], codes()[0]])
  })

  test('has to wait longer each time', async () => {
    await restart({ secondFactor: { policy: { pendingSeconds: 3600 } } })
    for (const [waited, wait] of [
      [30, 60],
      [60, 120],
      [120, 300],
      [300, 600],
      [600, 600],
    ] as const) {
      app.clock.advance(waited - 1)
      expect((await alice.post(challenge)).json['code']).toBe('cooldown')
      app.clock.advance(1)
      const answer = await alice.post(challenge)
      expect([answer.status, answer.json['resendInSeconds']]).toEqual([201, wait])
    }
  })

  test.each([
    ['240 s after', 240, true],
    ['241 s after', 241, false],
    ['after the expiry', 301, false],
  ])('%s the first is the same code: %#', async (_when, seconds, same) => {
    const expiresAt = app.clock.iso(300)
    app.clock.advance(seconds)
    const answer = await alice.post(challenge)
    expect(answer.json['expiresAt']).toBe(same ? expiresAt : app.clock.iso(300))
    expect(codes()[0] === codes()[1]).toBe(same)
  })

  test('becomes a new code with new attempts once the attempts are spent', async () => {
    for (let tries = 0; tries < 5; tries += 1) {
      await alice.post(verify, { code: wrongCode(app.codeFor('alice')) })
    }
    app.clock.advance(29)
    const running = fresh({
      ...{ attemptsLeft: 0, expiresAt: app.clock.iso(271), expiresInSeconds: 271 },
      ...{ resendAt: app.clock.iso(1), resendInSeconds: 1 },
    })
    const wait = { retryAt: app.clock.iso(1), retryAfterSeconds: 1 }
    expectProblem(await alice.post(challenge), 'cooldown', { ...wait, challenge: running })
    app.clock.advance(1)
    expectSent(
      await alice.post(challenge),
      fresh({ resendAt: app.clock.iso(60), resendInSeconds: 60 }),
    )
    expect(codes()[0]).not.toBe(codes()[1])
  })

  test('is a new code once the last one has been used', async () => {
    await alice.post(verify, { code: app.codeFor('alice') })
    expectSent(await alice.post(challenge), fresh())
    expect(codes()[0]).not.toBe(codes()[1])
  })
})

describe('a code requested in another session of the user', () => {
  test('is a new challenge and ends the other one', async () => {
    const code = app.codeFor('alice')
    app.clock.advance(30)
    const other = await app.login('alice')
    expect(codes()[0]).not.toBe(code)
    expectProblem(await alice.post(verify, { code }), 'no_challenge')
    expectProblem(await alice.post(verify, { code: app.codeFor('alice') }), 'no_challenge')
    expect((await other.post(verify, { code: app.codeFor('alice') })).status).toBe(200)
  })

  test('has the same wait as the first, and learns nothing about its challenge', async () => {
    app.clock.advance(10.5)
    const wait = { retryAt: app.clock.iso(19.5), retryAfterSeconds: 20 }
    const other = await app.login('alice')
    expectProblem(await other.post(challenge), 'cooldown', wait)
    const own = fresh({
      ...{ expiresAt: app.clock.iso(289.5), expiresInSeconds: 290 },
      ...{ resendAt: wait.retryAt, resendInSeconds: 20 },
    })
    expectProblem(await alice.post(challenge), 'cooldown', { ...wait, challenge: own })
    expect(codes()).toHaveLength(1)
  })
})

describe('the daily limit', () => {
  test('is reported before the resend wait, and ends 24 hours after its first message', async () => {
    await restart({ secondFactor: { policy: { sendsPerDay: 2, pendingSeconds: 3600 } } })
    const endsAt = app.clock.iso(86_400)
    app.clock.advance(30)
    const running = (await alice.post(challenge)).json
    const limit = { retryAt: endsAt, retryAfterSeconds: 86_370 }
    expectProblem(await alice.post(challenge), 'send_limit', { ...limit, challenge: running })
    const other = await app.login('alice')
    expectProblem(await other.post(challenge), 'send_limit', limit)
    app.clock.advance(86_369)
    const late = await app.login('alice')
    expectProblem(await late.post(challenge), 'send_limit', {
      ...{ retryAt: endsAt, retryAfterSeconds: 1 },
    })
    app.clock.advance(1)
    expect((await late.post(challenge)).status).toBe(201)
    expect(codes()).toHaveLength(3)
  })

  test('is credited for messages whose code was entered, up to a cap', async () => {
    await restart({ secondFactor: { policy: { sendsPerDay: 1, answeredSendsPerDay: 2 } } })
    for (let pass = 0; pass < 2; pass += 1) {
      expect((await alice.post(verify, { code: app.codeFor('alice') })).status).toBe(200)
      expect((await alice.post(challenge)).status).toBe(201)
    }
    await alice.post(verify, { code: app.codeFor('alice') })
    expectProblem(await alice.post(challenge), 'send_limit', {
      ...{ retryAt: app.clock.iso(86_400), retryAfterSeconds: 86_400 },
    })
  })
})

test('a locked user is sent nothing', async () => {
  await restart({ secondFactor: { policy: roomyPolicy } })
  await failTimes(app, alice, 'alice', 10)
  app.clock.advance(100)
  const lock = { retryAt: app.clock.iso(1700), retryAfterSeconds: 1700 }
  expectProblem(await alice.post(challenge), 'locked_out', lock)
  expect(codes()).toHaveLength(1)
})

test('a form is led to the page', async () => {
  app.clock.advance(30)
  const answer = await alice.submit(challenge)
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/second-factor/'])
  expect(codes()).toHaveLength(2)
})

describe('DELETE', () => {
  test('ends the challenge and voids its code', async () => {
    const answer = await alice.delete(challenge)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect((await alice.get('/second-factor/')).json['challenge']).toBeNull()
    expectProblem(await alice.post(verify, { code: app.codeFor('alice') }), 'no_challenge')
  })

  test('is 204 even without a challenge', async () => {
    await alice.delete(challenge)
    expect((await alice.delete(challenge)).status).toBe(204)
    const carol = await app.login('carol')
    expect((await carol.delete(challenge)).status).toBe(204)
  })

  test('clears no failure and no wait', async () => {
    await alice.post(verify, { code: wrongCode(app.codeFor('alice')) })
    await alice.delete(challenge)
    expect((await app.store.read('1'))?.failures).toBe(1)
    const wait = { retryAt: app.clock.iso(30), retryAfterSeconds: 30 }
    expectProblem(await alice.post(challenge), 'cooldown', wait)
  })

  test('leaves the challenge of another session alone', async () => {
    app.clock.advance(30)
    const other = await app.login('alice')
    expect((await alice.delete(challenge)).status).toBe(204)
    expect((await other.post(verify, { code: app.codeFor('alice') })).status).toBe(200)
  })

  test('needs the password login', async () => {
    expectProblem(await app.browser().delete(challenge), 'login_required')
  })

  test('reads no body', async () => {
    const headers = { accept: 'application/json', 'content-type': 'text/plain' }
    const answer = await alice.ask(challenge, { method: 'DELETE', headers, body: 'x'.repeat(9999) })
    expect(answer.status).toBe(204)
  })
})
