/** Which codes pass: for which user, session and purpose, for how long, and after how many guesses. */

import { describe, expect, test } from 'vitest'

import { memoryStore } from '../../../src/adapters/memory/memory-store.js'
import { endSession } from '../../../src/flows/grants.js'
import { inParallel } from '../../../src/testing/contract-fixtures.js'
import {
  begin,
  firstSecret,
  guess,
  lastCode,
  openRig,
  otherSecret,
  phonePartOf,
  subject,
} from '../../flows/rig.js'
import { hour, second, t0 } from '../../support/clock.js'
import { outcomeOf, wrongCode } from '../../support/codes.js'
import { india } from '../../support/phones.js'
import { rowOf } from '../../support/rows.js'
import { shuffled } from '../../support/shuffled-store.js'

describe('a right code', () => {
  test.each([
    [299_999, 'passed'],
    [300_000, 'passed'],
    [309_999, 'passed'],
    [310_000, 'code_expired'],
    [311_000, 'code_expired'],
  ])('%d ms after it was sent yields %s', async (ms, outcome) => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    rig.now += ms
    expect(outcomeOf(await guess(rig, { sessionKey }))).toBe(outcome)
  })

  test('from the future does not pass and does not last longer', async () => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    rig.now -= hour
    expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('code_expired')
    rig.now = t0 + 310 * second
    expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('code_expired')
  })
})

describe('a code does not pass', () => {
  test('in another session of the user, or in one that never asked', async () => {
    const rig = openRig()
    await begin(rig)
    const first = lastCode(rig)
    rig.now += 30 * second
    const sessionKey = await begin(rig)
    for (const other of ['of another session', null]) {
      expect(outcomeOf(await guess(rig, { sessionKey: other }))).toBe('no_challenge')
    }
    expect(outcomeOf(await guess(rig, { sessionKey, code: first }))).toBe('code_incorrect')
    expect((await rowOf(rig.store, subject)).failures).toBe(1)
  })

  test('for a purpose other than its own', async () => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    const purpose = 'enrolment'
    expect(outcomeOf(await guess(rig, { sessionKey, purpose }))).toBe('no_challenge')
    const enrolling = openRig()
    const other = await begin(enrolling, { purpose, destination: india })
    expect(outcomeOf(await guess(enrolling, { sessionKey: other }))).toBe('no_challenge')
  })

  test('for another user, even one with the same phone', async () => {
    const rig = openRig()
    const alice = await begin(rig, { subject: 'alice' })
    const ofAlice = lastCode(rig)
    const bob = await begin(rig, { subject: 'bob' })
    for (const sessionKey of [alice, null]) {
      const answer = await guess(rig, { subject: 'bob', sessionKey, code: ofAlice })
      expect(outcomeOf(answer)).toBe('no_challenge')
    }
    const crossed = await guess(rig, { subject: 'bob', sessionKey: bob, code: ofAlice })
    expect(outcomeOf(crossed)).toBe('code_incorrect')
    expect(outcomeOf(await guess(rig, { subject: 'bob', sessionKey: bob }))).toBe('passed')
  })

  test('after a row was copied onto another user’s', async () => {
    const rig = openRig({ policy: { codeLength: 10 } })
    const sessionKey = await begin(rig, { subject: 'attacker' })
    const row = await rowOf(rig.store, 'attacker')
    await rig.store.compareAndSwap('victim', null, { ...row, subject: 'victim' })
    const answer = await guess(rig, { subject: 'victim', sessionKey })
    expect(outcomeOf(answer)).toBe('code_incorrect')
  })

  test('once its challenge was cancelled', async () => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    await endSession(rig.context, subject, { sessionKey }, 'logout')
    expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('no_challenge')
  })

  test('once its secret has left the ring, at no cost of a guess', async () => {
    const store = memoryStore()
    const before = openRig({ store, secret: firstSecret })
    const sessionKey = await begin(before)
    const after = openRig({ store, secret: otherSecret })
    const row = await rowOf(store, subject)
    const code = lastCode(before)
    expect(outcomeOf(await guess(after, { sessionKey, code }))).toBe('code_expired')
    expect(await rowOf(store, subject)).toBe(row)
    const both = openRig({ store, secret: [otherSecret, firstSecret] })
    expect(outcomeOf(await guess(both, { sessionKey, code }))).toBe('passed')
  })
})

describe('wrong codes', () => {
  test('return the remaining attempts down to none; then even the right one is refused the same way', async () => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    const answers = []
    for (let nth = 1; nth <= 5; nth += 1) {
      answers.push(await guess(rig, { sessionKey, code: wrongCode(lastCode(rig), nth) }))
    }
    expect(answers).toEqual(
      [4, 3, 2, 1, 0].map((attemptsLeft) => ({
        ...{ status: 'refused', code: 'code_incorrect', attemptsLeft },
      })),
    )
    const right = await guess(rig, { sessionKey })
    expect(right).toEqual(await guess(rig, { sessionKey, code: wrongCode(lastCode(rig)) }))
    expect(right).toMatchObject({
      ...{ code: 'attempts_exhausted', attemptsLeft: 0, retryAt: new Date(t0 + 30 * second) },
    })
  })
})

describe('guesses at the same time', () => {
  test.each([1, 5, 10])('of 200, exactly the budget of %d is judged', async (maxAttempts) => {
    const rig = openRig({
      store: shuffled(memoryStore()),
      policy: { maxAttempts, lockAfterFailures: 10 },
    })
    const sessionKey = await begin(rig)
    const answers = await inParallel(200, (nth) =>
      guess(rig, { sessionKey, code: wrongCode(lastCode(rig), nth + 1) }),
    )
    const judged = answers.filter((answer) => outcomeOf(answer) === 'code_incorrect')
    expect(judged).toHaveLength(maxAttempts)
    expect(
      new Set(judged.map((answer) => 'attemptsLeft' in answer && answer.attemptsLeft)),
    ).toEqual(new Set(Array.from({ length: maxAttempts }, (_, left) => left)))
    expect((await rowOf(rig.store, subject)).failures).toBe(maxAttempts)
    expect((await phonePartOf(rig)).challenge?.attempts).toBe(maxAttempts)
  })

  test('with the right one last are judged only up to the budget', async () => {
    const rig = openRig({ store: shuffled(memoryStore()) })
    const sessionKey = await begin(rig)
    const right = lastCode(rig)
    const codes = Array.from({ length: 50 }, (_, nth) => wrongCode(right, nth + 1))
    const answers = await Promise.all(
      [...codes, right].map((code) => guess(rig, { sessionKey, code })),
    )
    const judged = answers.filter((answer) =>
      ['code_incorrect', 'passed'].includes(outcomeOf(answer)),
    )
    expect(judged).not.toEqual([])
    expect(judged.length).toBeLessThanOrEqual(5)
  })
})
