/**
 * The attacker sends many guesses at once at a code that Twilio owns, or the right one many times: Twilio is never
 * called more often than the budget allows, and one approval yields one grant.
 */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { inParallel, tally } from '../../src/testing/contract-fixtures.js'
import { startHostedApp, twilioFault, type HostedApp } from '../support/hosted-app.js'
import { alicesSubject, isIn, verify, wrongCodes } from '../support/in-or-out.js'
import { phoneOf, rowOf } from '../support/rows.js'

let app: HostedApp
beforeEach(async () => {
  app = await startHostedApp()
})
afterEach(async () => {
  await app.close()
  expect(app.twilio.violations).toEqual([])
})

/** Counts each refusal, and `passed`. */
const outcomes = (answers: readonly { json: Record<string, unknown> }[]) =>
  tally(answers.map(({ json }) => String(json['code'] ?? json['status'])))

describe('50 guesses at once', () => {
  test('reach Twilio five times, and then the right code is too late', async () => {
    const attacker = await app.login('alice')
    const right = app.codeFor('alice')
    const codes = wrongCodes(right, 50)
    const answers = await inParallel(50, (n) => verify(attacker.copy(), codes[n] ?? ''))
    expect(outcomes(answers)).toEqual({ code_incorrect: 5, attempts_exhausted: 45 })
    expect(app.asked().check).toHaveLength(5)
    expect((await rowOf(app.store, alicesSubject)).failures).toBe(5)
    expect(outcomes([await verify(attacker, right)])).toEqual({ attempts_exhausted: 1 })
    expect([app.asked().check.length, await isIn(attacker)]).toEqual([0, false])
  })

  test.each([1, 3])('reach Twilio no more often than a budget of %d', async (maxAttempts) => {
    await app.close()
    app = await startHostedApp({ secondFactor: { policy: { maxAttempts } } })
    const attacker = await app.login('alice')
    const codes = wrongCodes(app.codeFor('alice'), 50)
    await inParallel(50, (n) => verify(attacker.copy(), codes[n] ?? ''))
    expect(app.asked().check).toHaveLength(maxAttempts)
  })

  test('from sessions and headless calls share the budget', async () => {
    const attacker = await app.login('alice')
    const codes = wrongCodes(app.codeFor('alice'), 50)
    const alice = { id: 1, username: 'alice' }
    await inParallel(50, async (n) => {
      const code = codes[n] ?? ''
      await (n % 2 ? verify(attacker.copy(), code) : app.secondFactor.verify(alice, code))
    })
    expect(app.asked().check).toHaveLength(5)
    expect((await rowOf(app.store, alicesSubject)).failures).toBe(5)
  })

  test('are judged no more often while Twilio fails in every way', async () => {
    const attacker = await app.login('alice')
    const codes = wrongCodes(app.codeFor('alice'), 50)
    app.twilio.script(
      twilioFault(500, 20500),
      { kind: 'reset', accepted: true },
      { kind: 'cut', status: 200, accepted: true },
    )
    const answers = await inParallel(50, (n) => verify(attacker.copy(), codes[n] ?? ''))
    expect(outcomes(answers)).toEqual({
      ...{ code_incorrect: 2, delivery_unavailable: 3, attempts_exhausted: 45 },
    })
    expect(app.asked().check).toHaveLength(5)
    expect((await rowOf(app.store, alicesSubject)).failures).toBe(5)
  })

  test('that cause a lock cause it before Twilio responds', async () => {
    await app.close()
    app = await startHostedApp({ secondFactor: { policy: { lockAfterFailures: 3 } } })
    const attacker = await app.login('alice')
    const codes = wrongCodes(app.codeFor('alice'), 50)
    const answers = await inParallel(50, (n) => verify(attacker.copy(), codes[n] ?? ''))
    expect(outcomes(answers)).toEqual({ code_incorrect: 3, locked_out: 47 })
    expect(app.asked().check).toHaveLength(3)
    expect(app.events.filter(({ type }) => type === 'locked')).toHaveLength(1)
  })
})

describe('the right code', () => {
  test('twice at once yields one grant, and the other finds the code used', async () => {
    const alice = await app.login('alice')
    const code = app.codeFor('alice')
    const { passed, ...other } = outcomes(await inParallel(2, () => verify(alice.copy(), code)))
    expect(passed).toBe(1)
    expect([{ no_challenge: 1 }, { code_expired: 1 }]).toContainEqual(other)
    const row = await rowOf(app.store, alicesSubject)
    expect([row.grants.length, row.failures, phoneOf(row).challenge]).toEqual([1, 0, null])
    expect(app.events.filter(({ type }) => type === 'passed')).toHaveLength(1)
  })

  test('from 30 browsers at once yields one grant, and nothing fails', async () => {
    const alice = await app.login('alice')
    const code = app.codeFor('alice')
    const answers = await inParallel(30, () => verify(alice.copy(), code))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status >= 500)).toEqual([])
    expect((await rowOf(app.store, alicesSubject)).grants).toHaveLength(1)
    expect(app.asked().check.length).toBeLessThanOrEqual(5)
  })

  test('among 49 wrong ones passes only within the budget', async () => {
    const attacker = await app.login('alice')
    const right = app.codeFor('alice')
    const codes = wrongCodes(right, 49)
    codes.splice(2, 0, right)
    const { passed = 0, code_incorrect = 0 } = outcomes(
      await inParallel(50, (n) => verify(attacker.copy(), codes[n] ?? '')),
    )
    expect(app.asked().check.length).toBeLessThanOrEqual(5)
    expect(passed + code_incorrect).toBeLessThanOrEqual(5)
    expect((await rowOf(app.store, alicesSubject)).grants).toHaveLength(passed)
  })

  test('of an enrolment saves the phone once', async () => {
    const kept: string[] = []
    await app.close()
    app = await startHostedApp({
      secondFactor: {
        users: {
          id: ({ id }) => id,
          phone: () => null,
          setVerifiedPhone: (_user, phone) => kept.push(phone),
        },
      },
    })
    const carol = await app.login('carol')
    await carol.post('/second-factor/phone', { phone: '+14155550199' })
    const { code } = app.twilio.verifications[0] ?? { code: '' }
    const path = '/second-factor/phone/verify'
    const answers = await inParallel(5, () => carol.copy().post(path, { code }))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(kept).toEqual(['+14155550199'])
  })
})

test('20 starts at once create one verification', async () => {
  const alice = app.browser()
  await alice.post('/password', { username: 'alice', password: 'password' })
  const path = '/second-factor/challenge'
  const answers = await inParallel(20, () => alice.copy().post(path))
  expect(outcomes(answers)).toEqual({ pending: 1, cooldown: 19 })
  expect([app.asked().start.length, app.verification('alice').sends]).toEqual([1, 1])
})
