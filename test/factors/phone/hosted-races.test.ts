/** Codes that a vendor judges while much else happens: what is counted, what passes, and what is undone. */

import { describe, expect, test, vi } from 'vitest'

import type {
  HostedCheckResult,
  HostedStartResult,
} from '../../../src/factors/phone/ports/hosted-verifier.js'
import { forget, reset } from '../../../src/flows/admin.js'
import { endAllGrants, endSession } from '../../../src/flows/grants.js'
import { ask, begin, deferred, guess, phonePartOf, subject, turns } from '../../flows/rig.js'
import { minute, second } from '../../support/clock.js'
import { outcomeOf } from '../../support/codes.js'
import { rowOf } from '../../support/rows.js'
import { heldCheck, openHosted, typed, type HostedRig } from './hosted-rig.js'

/** The row, or `null` where it is gone. */
const stored = ({ rig }: HostedRig) => rig.store.read(subject)
const failuresOf = async ({ rig }: HostedRig) => (await rowOf(rig.store, subject)).failures
const challengeOf = async ({ rig }: HostedRig) => (await phonePartOf(rig)).challenge
const grantsOf = async ({ rig }: HostedRig) => (await rowOf(rig.store, subject)).grants

describe('while the vendor has not responded', () => {
  test('“ended” for a second right code does not undo the approval of the first', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    const first = await heldCheck(hosted, id)
    const other = await heldCheck(hosted, id)
    other.held.resolve({ status: 'ended' })
    expect(outcomeOf(await other.outcome)).toBe('code_expired')
    first.held.resolve({ status: 'approved' })
    expect(outcomeOf(await first.outcome)).toBe('passed')
    expect(await grantsOf(hosted)).toHaveLength(1)
    expect([await failuresOf(hosted), await challengeOf(hosted)]).toEqual([0, null])
  })

  test('a second approval creates no second grant', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    const [first, other] = [await heldCheck(hosted, id), await heldCheck(hosted, id)]
    for (const { held } of [first, other]) held.resolve({ status: 'approved' })
    expect([outcomeOf(await first.outcome), outcomeOf(await other.outcome)].sort()).toEqual([
      'no_challenge',
      'passed',
    ])
    expect(await grantsOf(hosted)).toHaveLength(1)
  })

  test.each<[string, (hosted: HostedRig, id: string) => Promise<unknown>]>([
    [
      'was given up',
      ({ rig }, id) => endSession(rig.context, subject, { sessionKey: id }, 'logout'),
    ],
    ['was revoked', ({ rig }) => endAllGrants(rig.context, subject)],
    ['was reset', ({ rig }) => reset(rig.context, subject, 'all')],
    ['was erased with its user', ({ rig }) => forget(rig.context, subject, [])],
    [
      'was replaced by another session’s',
      ({ rig }) => {
        rig.now += 30 * second
        return ask(rig)
      },
    ],
  ])('a challenge that %s lets nobody pass, even where the vendor approves', async (_why, end) => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    const { held, outcome } = await heldCheck(hosted, id)
    await end(hosted, id)
    const before = await stored(hosted)
    held.resolve({ status: 'approved' })
    expect(outcomeOf(await outcome)).toBe('no_challenge')
    expect(await stored(hosted)).toEqual(before)
  })

  test.each<HostedCheckResult>([
    { status: 'ended' },
    { status: 'incorrect' },
    { status: 'unavailable', judged: 'no' },
    { status: 'operator_fault', reason: 'credentials' },
  ])('$status for a challenge leaves the one that replaced it alone', async (result) => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    const { held, outcome } = await heldCheck(hosted, id)
    hosted.rig.now += 30 * second
    const next = await begin(hosted.rig)
    hosted.check = () => Promise.resolve({ status: 'incorrect' })
    await guess(hosted.rig, typed(next))
    const before = await stored(hosted)
    held.resolve(result)
    await outcome
    expect(await stored(hosted)).toEqual(before)
  })

  test('the tenth failure locks everybody else out, until it is undone', async () => {
    const hosted = openHosted({ maxAttempts: 10 })
    const id = await begin(hosted.rig)
    for (let wrong = 0; wrong < 9; wrong += 1) await guess(hosted.rig, typed(id))
    const { held, outcome } = await heldCheck(hosted, id)
    expect(outcomeOf(await guess(hosted.rig, typed(id)))).toBe('locked_out')
    held.resolve({ status: 'unavailable', judged: 'no', retryAfterSeconds: 7 })
    expect(await outcome).toMatchObject({ code: 'delivery_unavailable', retryAfterSeconds: 7 })
    const { failures, lock } = await rowOf(hosted.rig.store, subject)
    expect([failures, lock]).toEqual([9, { tier: 0, until: null }])
    expect(await challengeOf(hosted)).toMatchObject({ attempts: 9 })
    hosted.check = () => Promise.resolve({ status: 'approved' })
    expect(outcomeOf(await guess(hosted.rig, typed(id)))).toBe('passed')
  })

  test('the lock of another failure is not undone with this one', async () => {
    const hosted = openHosted({ lockAfterFailures: 2 })
    const id = await begin(hosted.rig)
    const [first, other] = [await heldCheck(hosted, id), await heldCheck(hosted, id)]
    first.held.resolve({ status: 'unavailable', judged: 'no' })
    await first.outcome
    expect(await rowOf(hosted.rig.store, subject)).toMatchObject({
      ...{ failures: 1, lock: { tier: 1 } },
    })
    other.held.resolve({ status: 'incorrect' })
    expect(outcomeOf(await other.outcome)).toBe('code_incorrect')
    expect(hosted.rig.events.filter(({ type }) => type === 'locked')).toHaveLength(1)
  })

  test('a code can expire: its lifetime when it was typed counts', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    hosted.rig.now += 5 * minute
    const { held, outcome } = await heldCheck(hosted, id)
    hosted.rig.now += minute
    held.resolve({ status: 'approved' })
    expect(outcomeOf(await outcome)).toBe('passed')
  })
})

describe('writes', () => {
  test('record the attempt before the vendor is called, and the approval afterwards', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    let during = 0
    hosted.check = async () => {
      during = await failuresOf(hosted)
      return { status: 'approved' }
    }
    expect(outcomeOf(await guess(hosted.rig, typed(id)))).toBe('passed')
    expect([during, await failuresOf(hosted)]).toEqual([1, 0])
  })

  test('that fail before the vendor is called prevent the call', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    vi.spyOn(hosted.rig.store, 'compareAndSwap').mockRejectedValueOnce(new Error('down'))
    await expect(guess(hosted.rig, typed(id))).rejects.toThrow('the store failed')
    expect([hosted.calls, await failuresOf(hosted)]).toEqual([['start sms'], 0])
  })

  test('that fail after the approval let nobody pass, and the attempt stays spent', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    hosted.check = () => {
      vi.spyOn(hosted.rig.store, 'compareAndSwap').mockRejectedValueOnce(new Error('down'))
      return Promise.resolve({ status: 'approved' })
    }
    await expect(guess(hosted.rig, typed(id))).rejects.toThrow('the store failed')
    expect([await failuresOf(hosted), await grantsOf(hosted)]).toEqual([1, []])
  })

  test('that fail after a start leave a challenge that never passes, but the next start’s does', async () => {
    const hosted = openHosted()
    hosted.start = () => {
      vi.spyOn(hosted.rig.store, 'compareAndSwap').mockRejectedValueOnce(new Error('down'))
      return Promise.resolve({ status: 'started', ref: 'V1' })
    }
    await expect(ask(hosted.rig)).rejects.toThrow('the store failed')
    const challenge = await challengeOf(hosted)
    expect(challenge?.code).toEqual({ owner: 'hosted', ref: null })
    expect(outcomeOf(await guess(hosted.rig, typed(challenge?.sessionKey ?? '')))).toBe(
      'code_expired',
    )
    expect([hosted.calls, await failuresOf(hosted)]).toEqual([['start sms'], 0])
    hosted.rig.now += 30 * second
    hosted.start = () => Promise.resolve({ status: 'started', ref: 'V1' })
    const next = await begin(hosted.rig)
    hosted.check = () => Promise.resolve({ status: 'approved' })
    expect(outcomeOf(await guess(hosted.rig, typed(next)))).toBe('passed')
  })
})

describe('a start', () => {
  test('overtaken by another session gives the first session nothing', async () => {
    const hosted = openHosted()
    const held = deferred<HostedStartResult>()
    hosted.start = () => held.promise
    const overtaken = ask(hosted.rig)
    await turns()
    hosted.rig.now += 30 * second
    hosted.start = () => Promise.resolve({ status: 'started', ref: 'V2' })
    const next = await begin(hosted.rig)
    held.resolve({ status: 'started', ref: 'V1' })
    const { sessionKey } = await overtaken
    expect(await challengeOf(hosted)).toMatchObject({
      ...{ sessionKey: next, code: { owner: 'hosted', ref: 'V2' } },
    })
    expect(outcomeOf(await guess(hosted.rig, typed(sessionKey)))).toBe('no_challenge')
    await guess(hosted.rig, typed(next))
    expect(hosted.calls).toEqual(['start sms', 'start sms', 'check V2'])
  })

  test('repeated with another id from the vendor uses that id from then on', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    hosted.rig.now += 30 * second
    await begin(hosted.rig, { sessionKey: id })
    await guess(hosted.rig, typed(id))
    expect(hosted.calls).toEqual(['start sms', 'start sms', 'check V2'])
  })

  test('repeated by another channel that the vendor refuses keeps the channel', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    const before = await challengeOf(hosted)
    hosted.rig.now += 30 * second
    hosted.start = () => Promise.resolve({ status: 'rejected', reason: 'destination_blocked' })
    await ask(hosted.rig, { sessionKey: id, channel: 'call' })
    expect(hosted.calls).toEqual(['start sms', 'start call'])
    expect(await challengeOf(hosted)).toEqual(before)
  })
})

describe('erasing a user', () => {
  test('cancels the vendor’s verification for each row once the rows are gone', async () => {
    const hosted = openHosted()
    const phones = 'tel:+237671234567'
    await begin(hosted.rig)
    await begin(hosted.rig, { subject: phones })
    const rowsAtCancel: unknown[] = []
    hosted.cancel = async () => {
      const of = rowsAtCancel.length === 0 ? subject : phones
      rowsAtCancel.push(await hosted.rig.store.read(of))
    }
    await forget(hosted.rig.context, subject, [phones])
    expect(hosted.calls.slice(2)).toEqual(['cancel V1', 'cancel V2'])
    expect(rowsAtCancel).toEqual([null, null])
    expect(hosted.rig.events.at(-1)).toMatchObject({ type: 'forgotten', subject })
  })

  test('is not stopped by a cancel that fails', async () => {
    const hosted = openHosted()
    await begin(hosted.rig)
    hosted.cancel = () => Promise.reject(new Error('down'))
    await forget(hosted.rig.context, subject, [])
    expect(hosted.calls).toEqual(['start sms', 'cancel V1'])
    expect(await stored(hosted)).toBeNull()
    expect(hosted.rig.events.at(-1)).toMatchObject({ type: 'forgotten', subject })
  })
})
