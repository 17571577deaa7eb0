/** Consequences of a verdict, for every factor: grants, consecutive failures, locks and events. */

import { describe, expect, test } from 'vitest'

import { memoryStore } from '../../src/adapters/memory/memory-store.js'
import { isRefusal } from '../../src/core/refusal.js'
import { endSession } from '../../src/flows/grants.js'
import { emitPassed } from '../../src/flows/verify.js'
import { inParallel } from '../../src/testing/contract-fixtures.js'
import { hour, minute, second, t0 } from '../support/clock.js'
import { outcomeOf, wrongCode } from '../support/codes.js'
import { cameroon, india } from '../support/phones.js'
import { rowOf } from '../support/rows.js'
import { shuffled } from '../support/shuffled-store.js'
import { ask, begin, guess, lastCode, openRig, phonePartOf, subject, type Rig } from './rig.js'

/** Fails so many times in a row, with new codes as soon as they are allowed. */
async function failTimes(rig: Rig, times: number): Promise<void> {
  let sessionKey = await begin(rig)
  for (let failed = 0; failed < times;) {
    const answer = await guess(rig, { sessionKey, code: wrongCode(lastCode(rig)) })
    if (outcomeOf(answer) === 'code_incorrect') {
      failed += 1
      continue
    }
    const retryAt = isRefusal(answer) ? answer.retryAt : undefined
    rig.now = retryAt?.getTime() ?? rig.now + minute
    if (outcomeOf(answer) !== 'locked_out') sessionKey = await begin(rig)
  }
}

const failuresOf = async (rig: Rig) => (await rowOf(rig.store, subject)).failures
const grantsOf = async (rig: Rig) => (await rowOf(rig.store, subject)).grants
const grantIds = async (rig: Rig) => (await grantsOf(rig)).map(({ id }) => id)

describe('a right code', () => {
  test('passes once and returns the grant in the row', async () => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    rig.now += second
    const passed = await guess(rig, { sessionKey })
    expect(passed).toMatchObject({
      ...{ status: 'passed', purpose: 'sign-in' },
      grant: { method: 'sms', issuedAt: t0 + second, expiresAt: t0 + second + 12 * hour },
    })
    expect(await grantsOf(rig)).toEqual([isRefusal(passed) ? null : passed.grant])
    expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('no_challenge')
  })

  test('clears failures, the lock tier and the resend ladder', async () => {
    const rig = openRig()
    await failTimes(rig, 12)
    rig.now += hour
    const sessionKey = await begin(rig)
    expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('passed')
    expect(await rowOf(rig.store, subject)).toMatchObject({
      ...{ failures: 0, lock: { tier: 0, until: null } },
    })
    expect((await phonePartOf(rig)).sends).toMatchObject({ rung: 0, nextAt: null })
  })

  test('passes outside a session without leaving a grant', async () => {
    const rig = openRig()
    await begin(rig)
    expect(outcomeOf(await guess(rig, { sessionKey: undefined, holder: null }))).toBe('passed')
    expect(await grantIds(rig)).toEqual([])
  })

  test('replaces the earlier grant of its session', async () => {
    const rig = openRig()
    await guess(rig, { sessionKey: await begin(rig) })
    const [earlier = ''] = await grantIds(rig)
    const sessionKey = await begin(rig)
    await guess(rig, { sessionKey, holder: { replacedGrantId: earlier } })
    expect(await grantIds(rig)).toHaveLength(1)
    expect(await grantIds(rig)).not.toContain(earlier)
  })

  test('for an enrolment ends the grants of every other session', async () => {
    const rig = openRig()
    await guess(rig, { sessionKey: await begin(rig) })
    const [earlier = ''] = await grantIds(rig)
    const purpose = 'enrolment'
    const sessionKey = await begin(rig, { purpose, destination: india })
    const passed = await guess(rig, { sessionKey, purpose })
    expect(passed).toMatchObject({ status: 'passed', purpose, proof: { destination: india } })
    expect(await grantIds(rig)).toHaveLength(1)
    expect(await grantIds(rig)).not.toContain(earlier)
  })

  test('submitted many times at once yields one grant', async () => {
    for (const times of [2, 30]) {
      const rig = openRig({ store: shuffled(memoryStore()) })
      const sessionKey = await begin(rig)
      const answers = await inParallel(times, () => guess(rig, { sessionKey }))
      const outcomes = answers.map(outcomeOf)
      expect(outcomes.filter((outcome) => outcome === 'passed')).toHaveLength(1)
      expect(outcomes.filter((outcome) => outcome === 'no_challenge')).toHaveLength(times - 1)
      expect(await grantIds(rig)).toHaveLength(1)
      expect(await failuresOf(rig)).toBe(0)
    }
  })
})

describe('wrong codes', () => {
  test('lock the user at the tenth in a row, across codes, sessions and purposes', async () => {
    const rig = openRig()
    await failTimes(rig, 9)
    rig.now += hour
    const purpose = 'enrolment'
    const sessionKey = await begin(rig, { purpose, destination: india })
    await guess(rig, { sessionKey, purpose, code: wrongCode(lastCode(rig)) })
    const until = rig.now + 30 * minute
    expect(rig.events.at(-1)).toEqual({
      ...{ type: 'locked', subject, at: new Date(rig.now) },
      ...{ failures: 10, until: new Date(until) },
    })
    rig.now = until - 1
    const right = await guess(rig, { sessionKey, purpose })
    const code = wrongCode(lastCode(rig))
    expect(right).toEqual(await guess(rig, { sessionKey, purpose, code }))
    expect(right).toMatchObject({ code: 'locked_out', retryAfterSeconds: 1 })
    rig.now = until
    expect(outcomeOf(await guess(rig, { sessionKey, purpose }))).toBe('code_expired')
    expect(outcomeOf((await ask(rig)).answer)).toBe('pending')
  })

  test('turn the factor off at the hundredth in a row, even for a right code', async () => {
    const rig = openRig({ policy: { sendsPerDay: 1_000 } })
    await failTimes(rig, 100)
    expect(rig.events.at(-1)).toMatchObject({ type: 'locked', failures: 100, until: null })
    expect(rig.events.filter(({ type }) => type === 'locked')).toHaveLength(10)
    rig.now += 1_000 * hour
    const refused = { status: 'refused', code: 'locked_out' }
    expect(await guess(rig, { sessionKey: undefined })).toEqual(refused)
    expect((await ask(rig)).answer).toEqual(refused)
  })

  test('are cleared neither by a new code, nor by a logout, nor by time', async () => {
    const rig = openRig()
    await failTimes(rig, 6)
    await endSession(rig.context, subject, { grantId: 'none' }, 'logout')
    const { challenge } = await phonePartOf(rig)
    expect(challenge).not.toBeNull()
    await endSession(
      rig.context,
      subject,
      { sessionKey: challenge?.sessionKey ?? undefined },
      'logout',
    )
    rig.now += 1_000 * hour
    await begin(rig)
    expect(await failuresOf(rig)).toBe(6)
  })

  test('of one user do not count for another', async () => {
    const rig = openRig()
    await failTimes(rig, 10)
    const sessionKey = await begin(rig, { subject: 'user-2' })
    expect(outcomeOf(await guess(rig, { subject: 'user-2', sessionKey }))).toBe('passed')
    expect(await failuresOf(rig)).toBe(10)
  })
})

describe('the events of guesses', () => {
  test('contain each outcome and the failures in a row, and nothing of the code', async () => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    await guess(rig, { sessionKey, code: wrongCode(lastCode(rig)) })
    await guess(rig, { sessionKey: null })
    const passed = await guess(rig, { sessionKey })
    const about = { subject, at: new Date(t0), purpose: 'sign-in' }
    const method = 'sms'
    // The caller can still refuse the pass, so `passed` is emitted by the caller.
    expect(rig.events).toHaveLength(3)
    if (isRefusal(passed)) throw new Error(passed.code)
    emitPassed(rig.context, subject, passed)
    expect(rig.events.slice(1)).toEqual([
      { type: 'verify_refused', ...about, method, code: 'code_incorrect', failures: 1 },
      { type: 'verify_refused', ...about, method, code: 'no_challenge', failures: 1 },
      { type: 'passed', ...about, method, elapsedSeconds: 0, country: 'CM' },
    ])
    const emitted = JSON.stringify(rig.events)
    const code = lastCode(rig)
    for (const secret of [code, wrongCode(code), cameroon.slice(1), sessionKey]) {
      expect(emitted).not.toContain(secret)
    }
  })
})
