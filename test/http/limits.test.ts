/** The limits on wrong codes and waiting: attempts, locks, the hard stop, and the age of a pending login. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
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

describe('a wrong code', () => {
  test('costs one attempt; after the last, no code is judged until a new one is requested', async () => {
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      expectProblem(await verify(wrong()), 'code_incorrect', { attemptsLeft })
    }
    app.clock.advance(10)
    const spent = { attemptsLeft: 0, retryAt: app.clock.iso(20), retryAfterSeconds: 20 }
    const answers = [await verify(wrong()), await verify(right())]
    for (const answer of answers) expectProblem(answer, 'attempts_exhausted', spent)
    expect(answers[0]?.text).toBe(answers[1]?.text)
    expect((await app.store.read('1'))?.failures).toBe(5)
    app.clock.advance(20)
    await alice.post('/second-factor/challenge')
    expect((await verify(right())).status).toBe(200)
  })

  test('locks at every tenth consecutive failure, longer each time, until the hard stop', async () => {
    await restart({ ...roomyPolicy, sendsPerDay: 5 })
    const ladder = [1_800, 3_600, 14_400, 86_400, 86_400, 86_400, 86_400, 86_400, 86_400]
    for (const seconds of ladder) {
      await failTimes(app, alice, 'alice', 9)
      const lockedUntil = app.clock.iso(seconds)
      expectProblem(await verify(wrong()), 'code_incorrect', { attemptsLeft: 0, lockedUntil })
      const lock = { retryAt: app.clock.iso(seconds), retryAfterSeconds: seconds }
      const answers = [await verify(wrong()), await verify(right())]
      for (const answer of answers) expectProblem(answer, 'locked_out', lock)
      app.clock.advance(seconds - 1)
      alice = await app.login('alice')
      expect((await verify(right())).json).toMatchObject({ code: 'locked_out' })
      app.clock.advance(1)
      alice = await app.login('alice')
    }
    await failTimes(app, alice, 'alice', 10)
    for (const waited of [0, 1_000_000, 1_000_000_000]) {
      app.clock.advance(waited)
      alice = await app.login('alice')
      expectProblem(await verify(right()), 'locked_out')
      expectProblem(await alice.post('/second-factor/challenge'), 'locked_out')
    }
    expect((await app.store.read('1'))?.failures).toBe(100)
  })
})

describe('a pending login', () => {
  test('has to be done again after the longest allowed wait', async () => {
    app.clock.advance(599)
    expect((await alice.post('/second-factor/challenge')).status).toBe(201)
    app.clock.advance(2)
    for (const answer of [
      await verify(right()),
      await alice.get('/second-factor/'),
      await alice.post('/second-factor/challenge'),
      await alice.delete('/second-factor/challenge'),
      await alice.post('/second-factor/phone', { phone: '+33612345678' }),
      await alice.post('/second-factor/phone/verify', { code: right() }),
      await alice.get('/account'),
    ]) {
      expectProblem(answer, 'login_required')
    }
    expect((await alice.get('/profile')).json['user']).toMatchObject({ username: 'alice' })
  })

  test('does not expire while it holds a grant', async () => {
    await verify(right())
    app.clock.advance(43_199)
    expect(await isIn(alice)).toBe(true)
    expect((await alice.post('/second-factor/challenge')).status).toBe(201)
    app.clock.advance(1)
    expectProblem(await alice.get('/account'), 'login_required')
  })
})
