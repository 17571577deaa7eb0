import { describe, expect, test } from 'vitest'

import type { Success } from '../../src/factors/phone/rules/challenge.js'
import { createKeyRing } from '../../src/factors/phone/rules/code.js'
import { memoryStore } from '../../src/adapters/memory/memory-store.js'
import { endChallenge, endGrant } from '../../src/flows/grants.js'
import { shuffled } from '../support/shuffled-store.js'
import {
  ask,
  begin,
  cameroon,
  firstSecret,
  guess,
  hour,
  india,
  lastCode,
  minute,
  openRig,
  otherSecret,
  rowOf,
  second,
  subject,
  t0,
  told,
  wrongCode,
  type Rig,
} from './rig.js'

/** Fails so many times in a row, with new codes as soon as they are allowed. */
async function failTimes(rig: Rig, times: number): Promise<void> {
  let challengeId = await begin(rig)
  for (let failed = 0; failed < times; failed += 1) {
    const answer = await guess(rig, { challengeId, code: wrongCode(rig) })
    if (told(answer) === 'code_incorrect') continue
    failed -= 1
    rig.now = retryAtOf(answer) ?? rig.now + minute
    if (told(answer) !== 'locked_out') challengeId = await begin(rig)
  }
}

function retryAtOf(answer: { readonly retryAt?: Date | undefined } | Success): number | undefined {
  return 'retryAt' in answer ? answer.retryAt?.getTime() : undefined
}

const grantIds = async (rig: Rig) => (await rowOf(rig)).grants.map(({ id }) => id)

describe('a right code', () => {
  test('passes once, and brings the grant that the row holds', async () => {
    const rig = openRig()
    const challengeId = await begin(rig)
    rig.now += second
    const passed = await guess(rig, { challengeId })
    expect(passed).toMatchObject({
      status: 'passed',
      grant: { method: 'sms', purpose: 'sign-in', issuedAt: t0 + second },
    })
    expect((await rowOf(rig)).grants).toEqual([passed.status === 'passed' ? passed.grant : null])
    expect(told(await guess(rig, { challengeId }))).toBe('no_challenge')
  })

  test.each([
    [299_999, 'passed'],
    [300_000, 'passed'],
    [309_999, 'passed'],
    [310_000, 'code_expired'],
    [311_000, 'code_expired'],
  ])('%d ms after it was sent is answered %s', async (ms, answer) => {
    const rig = openRig()
    const challengeId = await begin(rig)
    rig.now += ms
    expect(told(await guess(rig, { challengeId }))).toBe(answer)
  })

  test('from a future that the clock has left does not pass, and lives no longer for it', async () => {
    const rig = openRig()
    const challengeId = await begin(rig)
    rig.now -= hour
    expect(told(await guess(rig, { challengeId }))).toBe('code_expired')
    rig.now = t0 + 310 * second
    expect(told(await guess(rig, { challengeId }))).toBe('code_expired')
  })

  test('clears failures, the tier of the lock and the ladder', async () => {
    const rig = openRig()
    await failTimes(rig, 12)
    rig.now += hour
    const challengeId = await begin(rig)
    expect(told(await guess(rig, { challengeId }))).toBe('passed')
    expect(await rowOf(rig)).toMatchObject({
      failures: 0,
      lock: { tier: 0, until: null },
      sends: { rung: 0, nextAt: null },
    })
  })

  test('outside any session passes without leaving a grant', async () => {
    const rig = openRig()
    await begin(rig)
    expect(told(await guess(rig, { challengeId: undefined, holder: null }))).toBe('passed')
    expect(await grantIds(rig)).toEqual([])
  })

  test('takes the place of the earlier grant of its session', async () => {
    const rig = openRig()
    await guess(rig, { challengeId: await begin(rig) })
    const [earlier = ''] = await grantIds(rig)
    const challengeId = await begin(rig)
    await guess(rig, { challengeId, holder: { replacedGrantId: earlier } })
    expect(await grantIds(rig)).toHaveLength(1)
    expect(await grantIds(rig)).not.toContain(earlier)
  })

  test('that confirms a number ends the grants of every other session', async () => {
    const rig = openRig()
    await guess(rig, { challengeId: await begin(rig) })
    const [earlier = ''] = await grantIds(rig)
    const purpose = 'enrolment'
    const challengeId = await begin(rig, { purpose, destination: india })
    const passed = await guess(rig, { challengeId, purpose })
    expect(passed).toMatchObject({ status: 'passed', challenge: { destination: india } })
    expect(await grantIds(rig)).toHaveLength(1)
    expect(await grantIds(rig)).not.toContain(earlier)
  })
})

describe('a code does not pass', () => {
  test('in another session of the user, nor in one that never asked', async () => {
    const rig = openRig()
    await begin(rig)
    const first = lastCode(rig)
    rig.now += 30 * second
    const challengeId = await begin(rig)
    expect(told(await guess(rig, { challengeId: 'of another session' }))).toBe('no_challenge')
    expect(told(await guess(rig, { challengeId: null }))).toBe('no_challenge')
    expect(told(await guess(rig, { challengeId, code: first }))).toBe('code_incorrect')
    expect((await rowOf(rig)).failures).toBe(1)
  })

  test('for another purpose than its own', async () => {
    const rig = openRig()
    const challengeId = await begin(rig)
    const purpose = 'enrolment'
    expect(told(await guess(rig, { challengeId, purpose }))).toBe('no_challenge')
    const confirming = openRig()
    const other = await begin(confirming, { purpose, destination: india })
    expect(told(await guess(confirming, { challengeId: other }))).toBe('no_challenge')
  })

  test('for another user, even one with the same number', async () => {
    const rig = openRig()
    const alice = await begin(rig, { subject: 'alice' })
    const ofAlice = lastCode(rig)
    const bob = await begin(rig, { subject: 'bob' })
    for (const challengeId of [alice, null]) {
      const answer = await guess(rig, { subject: 'bob', challengeId, code: ofAlice })
      expect(told(answer)).toBe('no_challenge')
    }
    const crossed = await guess(rig, { subject: 'bob', challengeId: bob, code: ofAlice })
    expect(told(crossed)).toBe('code_incorrect')
    expect(told(await guess(rig, { subject: 'bob', challengeId: bob }))).toBe('passed')
  })

  test('after a row was copied onto another user’s', async () => {
    const rig = openRig({ policy: { codeLength: 10 } })
    const challengeId = await begin(rig, { subject: 'attacker' })
    const row = await rowOf(rig, 'attacker')
    await rig.context.store.compareAndSwap('victim', null, { ...row, subject: 'victim' })
    expect(told(await guess(rig, { subject: 'victim', challengeId }))).toBe('code_incorrect')
  })

  test('once its challenge was given up', async () => {
    const rig = openRig()
    const challengeId = await begin(rig)
    await endChallenge(rig.context, subject, challengeId)
    expect(told(await guess(rig, { challengeId }))).toBe('no_challenge')
  })

  test('once its secret has left the ring, and costs no attempt', async () => {
    const store = memoryStore()
    const before = openRig({ store, keys: createKeyRing(firstSecret) })
    const challengeId = await begin(before)
    const after = openRig({ store, keys: createKeyRing(otherSecret) })
    const row = await rowOf(after)
    const code = lastCode(before)
    expect(told(await guess(after, { challengeId, code }))).toBe('code_expired')
    expect(await rowOf(after)).toBe(row)
    const both = openRig({ store, keys: createKeyRing([otherSecret, firstSecret]) })
    expect(told(await guess(both, { challengeId, code }))).toBe('passed')
  })
})

describe('wrong codes', () => {
  test('are answered with what is left, down to none, and then with exhaustion even if right', async () => {
    const rig = openRig()
    const challengeId = await begin(rig)
    const answers = []
    for (let nth = 1; nth <= 5; nth += 1) {
      answers.push(await guess(rig, { challengeId, code: wrongCode(rig, nth) }))
    }
    expect(answers).toEqual(
      [4, 3, 2, 1, 0].map((attemptsLeft) => ({
        status: 'refused',
        code: 'code_incorrect',
        attemptsLeft,
      })),
    )
    const right = await guess(rig, { challengeId })
    expect(right).toEqual(await guess(rig, { challengeId, code: wrongCode(rig) }))
    expect(right).toMatchObject({
      code: 'attempts_exhausted',
      attemptsLeft: 0,
      retryAt: new Date(t0 + 30 * second),
    })
  })

  test('lock the user at the tenth in a row, over codes, sessions and the other purpose', async () => {
    const rig = openRig()
    await failTimes(rig, 9)
    rig.now += hour
    const purpose = 'enrolment'
    const challengeId = await begin(rig, { purpose, destination: india })
    await guess(rig, { challengeId, purpose, code: wrongCode(rig) })
    const until = rig.now + 30 * minute
    expect(rig.events.at(-1)).toEqual({
      type: 'locked',
      subject,
      at: new Date(rig.now),
      failures: 10,
      until: new Date(until),
    })
    rig.now = until - 1
    const right = await guess(rig, { challengeId, purpose })
    expect(right).toEqual(await guess(rig, { challengeId, purpose, code: wrongCode(rig) }))
    expect(right).toMatchObject({ code: 'locked_out', retryAfterSeconds: 1 })
    rig.now = until
    expect(told(await guess(rig, { challengeId, purpose }))).toBe('code_expired')
    expect(told((await ask(rig)).answer)).toBe('pending')
  })

  test('turn the factor off at the hundredth in a row, for a right code too, for ever', async () => {
    const rig = openRig({ policy: { sendsPerDay: 1_000 } })
    await failTimes(rig, 100)
    expect(rig.events.at(-1)).toMatchObject({ type: 'locked', failures: 100, until: null })
    expect(rig.events.filter(({ type }) => type === 'locked')).toHaveLength(10)
    rig.now += 1_000 * hour
    expect(await guess(rig, { challengeId: undefined })).toEqual({
      status: 'refused',
      code: 'locked_out',
    })
    expect((await ask(rig)).answer).toEqual({ status: 'refused', code: 'locked_out' })
  })

  test('are forgiven neither by a new code, nor by a logout, nor by time', async () => {
    const rig = openRig()
    await failTimes(rig, 6)
    await endGrant(rig.context, subject, 'none', 'logout')
    await endChallenge(rig.context, subject, (await rowOf(rig)).challenge?.id ?? null)
    rig.now += 1_000 * hour
    await begin(rig)
    expect((await rowOf(rig)).failures).toBe(6)
  })

  test('of one user are nobody else’s', async () => {
    const rig = openRig()
    await failTimes(rig, 10)
    const challengeId = await begin(rig, { subject: 'user-2' })
    expect(told(await guess(rig, { subject: 'user-2', challengeId }))).toBe('passed')
    expect((await rowOf(rig)).failures).toBe(10)
  })
})

describe('guesses at the same time', () => {
  test.each([1, 5, 10])('of 200, a budget of %d is judged exactly', async (maxAttempts) => {
    const rig = openRig({
      store: shuffled(memoryStore()),
      policy: { maxAttempts, lockAfterFailures: 10 },
    })
    const challengeId = await begin(rig)
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, nth) =>
        guess(rig, { challengeId, code: wrongCode(rig, nth + 1) }),
      ),
    )
    const judged = answers.filter((answer) => told(answer) === 'code_incorrect')
    expect(judged).toHaveLength(maxAttempts)
    expect(
      new Set(judged.map((answer) => 'attemptsLeft' in answer && answer.attemptsLeft)),
    ).toEqual(new Set(Array.from({ length: maxAttempts }, (_, left) => left)))
    expect(await rowOf(rig)).toMatchObject({
      failures: maxAttempts,
      challenge: { attempts: maxAttempts },
    })
  })

  test('that are right bring one grant, however many they are', async () => {
    for (const times of [2, 30]) {
      const rig = openRig({ store: shuffled(memoryStore()) })
      const challengeId = await begin(rig)
      const answers = await Promise.all(
        Array.from({ length: times }, () => guess(rig, { challengeId })),
      )
      expect(answers.filter((answer) => told(answer) === 'passed')).toHaveLength(1)
      expect(answers.filter((answer) => told(answer) === 'no_challenge')).toHaveLength(times - 1)
      expect((await rowOf(rig)).grants).toHaveLength(1)
      expect((await rowOf(rig)).failures).toBe(0)
    }
  })

  test('with the right one last are judged no further than the budget', async () => {
    const rig = openRig({ store: shuffled(memoryStore()) })
    const challengeId = await begin(rig)
    const codes = Array.from({ length: 50 }, (_, nth) => wrongCode(rig, nth + 1))
    const answers = await Promise.all(
      [...codes, lastCode(rig)].map((code) => guess(rig, { challengeId, code })),
    )
    const judged = answers.filter((answer) => ['code_incorrect', 'passed'].includes(told(answer)))
    expect(judged.length).toBeLessThanOrEqual(5)
  })
})

describe('what the events hear of guesses', () => {
  test('is each answer and each failure in a row, and nothing of the code', async () => {
    const rig = openRig()
    const challengeId = await begin(rig)
    await guess(rig, { challengeId, code: wrongCode(rig) })
    await guess(rig, { challengeId: null })
    await guess(rig, { challengeId })
    const about = { subject, at: new Date(t0), purpose: 'sign-in' }
    expect(rig.events.slice(1)).toEqual([
      { type: 'verify_refused', ...about, code: 'code_incorrect', failures: 1 },
      { type: 'verify_refused', ...about, code: 'no_challenge', failures: 1 },
      { type: 'passed', ...about, method: 'sms' },
    ])
    const heard = JSON.stringify(rig.events)
    for (const secret of [lastCode(rig), wrongCode(rig), cameroon.slice(1), challengeId]) {
      expect(heard).not.toContain(secret)
    }
  })
})
