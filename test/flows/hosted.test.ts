/** Codes that a vendor judges, by verifiers that a test holds back, and by verifiers that keep no promise. */

import { afterEach, describe, expect, test, vi } from 'vitest'

import { endAllGrants, endChallenge } from '../../src/flows/grants.js'
import { hostedDelivery } from '../../src/factors/phone/delivery.js'
import { clear } from '../../src/flows/admin.js'
import type { PolicyOptions } from '../../src/core/policy.js'
import { resolvePolicy } from '../../src/core/policy.js'
import type {
  HostedCheckResult,
  HostedStartResult,
  HostedVerifier,
} from '../../src/factors/phone/ports/hosted-verifier.js'
import {
  ask,
  begin,
  deferred,
  guess,
  minute,
  openRig,
  rejectWithNothing,
  rowOf,
  second,
  subject,
  t0,
  told,
  turns,
  type Rig,
} from './rig.js'

afterEach(() => {
  vi.useRealTimers()
})

interface HostedRig {
  readonly rig: Rig
  /** What the vendor was asked, in order. */
  readonly calls: string[]
  start: () => Promise<HostedStartResult>
  check: () => Promise<HostedCheckResult>
  cancel: () => Promise<void>
}

/** The flows on a verifier that answers as the test says. */
function openHosted(policy: PolicyOptions = {}): HostedRig {
  const calls: string[] = []
  let starts = 0
  const verifier: HostedVerifier = {
    channels: ['sms', 'call'],
    codeLength: 6,
    start: ({ channel }) => {
      calls.push(`start ${channel}`)
      return hosted.start()
    },
    check: ({ ref }) => {
      calls.push(`check ${ref}`)
      return hosted.check()
    },
    cancel: (ref) => {
      calls.push(`cancel ${ref}`)
      return hosted.cancel()
    },
  }
  const plain = openRig()
  const context = {
    ...plain.context,
    ...{ policy: resolvePolicy(policy), keys: null, verifier, delivery: hostedDelivery(verifier) },
    clock: () => rig.now,
  }
  const rig: Rig = { ...plain, context }
  const hosted: HostedRig = {
    rig,
    calls,
    start: () => {
      starts += 1
      return Promise.resolve({ status: 'started', ref: `V${starts}` })
    },
    check: () => Promise.resolve({ status: 'incorrect' }),
    cancel: () => Promise.resolve(),
  }
  return hosted
}

const typed = (challengeId: string) => ({ challengeId, code: '123456' })

/** A check that has reached the vendor, and that the test answers when it is time. */
async function heldCheck(hosted: HostedRig, challengeId: string) {
  const held = deferred<HostedCheckResult>()
  hosted.check = () => held.promise
  const outcome = guess(hosted.rig, typed(challengeId))
  await turns()
  return { held, outcome }
}

describe('while the vendor thinks', () => {
  test('a second right code that is told “ended” does not take the first one’s approval', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    const first = await heldCheck(hosted, id)
    const second = await heldCheck(hosted, id)
    second.held.resolve({ status: 'ended' })
    expect(told(await second.outcome)).toBe('code_expired')
    first.held.resolve({ status: 'approved' })
    expect(told(await first.outcome)).toBe('passed')
    const { grants, failures, challenge } = await rowOf(hosted.rig)
    expect([grants.length, failures, challenge]).toEqual([1, 0, null])
  })

  test('an approval that comes second makes no second grant', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    const [first, other] = [await heldCheck(hosted, id), await heldCheck(hosted, id)]
    for (const { held } of [first, other]) held.resolve({ status: 'approved' })
    expect([told(await first.outcome), told(await other.outcome)].sort()).toEqual([
      'no_challenge',
      'passed',
    ])
    expect((await rowOf(hosted.rig)).grants).toHaveLength(1)
  })

  test.each<[string, (hosted: HostedRig, id: string) => Promise<unknown>]>([
    ['was given up', ({ rig }, id) => endChallenge(rig.context, subject, id)],
    ['was revoked', ({ rig }) => endAllGrants(rig.context, subject)],
    ['was reset', ({ rig }) => clear(rig.context, subject, 'all')],
    [
      'gave way to another session’s',
      ({ rig }) => {
        rig.now += 30 * second
        return ask(rig)
      },
    ],
  ])('a challenge that %s passes nobody, whatever the vendor then says', async (_why, ends) => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    const { held, outcome } = await heldCheck(hosted, id)
    await ends(hosted, id)
    const before = await rowOf(hosted.rig)
    held.resolve({ status: 'approved' })
    expect(told(await outcome)).toBe('no_challenge')
    expect(await rowOf(hosted.rig)).toEqual(before)
  })

  test.each<HostedCheckResult>([
    { status: 'ended' },
    { status: 'incorrect' },
    { status: 'unavailable', judged: 'no' },
    { status: 'operator_fault', reason: 'credentials' },
  ])('a challenge that took its place is left alone by $status', async (answer) => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    const { held, outcome } = await heldCheck(hosted, id)
    hosted.rig.now += 30 * second
    const next = await begin(hosted.rig)
    hosted.check = () => Promise.resolve({ status: 'incorrect' })
    await guess(hosted.rig, typed(next))
    const before = await rowOf(hosted.rig)
    held.resolve(answer)
    await outcome
    expect(await rowOf(hosted.rig)).toEqual(before)
  })

  test('the tenth failure locks everybody else out, until it is given back', async () => {
    const hosted = openHosted({ maxAttempts: 10 })
    const id = await begin(hosted.rig)
    for (let wrong = 0; wrong < 9; wrong += 1) await guess(hosted.rig, typed(id))
    const { held, outcome } = await heldCheck(hosted, id)
    expect(told(await guess(hosted.rig, typed(id)))).toBe('locked_out')
    held.resolve({ status: 'unavailable', judged: 'no', retryAfterSeconds: 7 })
    expect(await outcome).toMatchObject({ code: 'delivery_unavailable', retryAfterSeconds: 7 })
    const row = await rowOf(hosted.rig)
    expect([row.failures, row.challenge?.attempts, row.lock]).toEqual([
      ...[9, 9, { tier: 0, until: null }],
    ])
    hosted.check = () => Promise.resolve({ status: 'approved' })
    expect(told(await guess(hosted.rig, typed(id)))).toBe('passed')
  })

  test('a lock of another failure is not taken back with one’s own', async () => {
    const hosted = openHosted({ lockAfterFailures: 2 })
    const id = await begin(hosted.rig)
    const [first, other] = [await heldCheck(hosted, id), await heldCheck(hosted, id)]
    first.held.resolve({ status: 'unavailable', judged: 'no' })
    await first.outcome
    expect(await rowOf(hosted.rig)).toMatchObject({ failures: 1, lock: { tier: 1 } })
    other.held.resolve({ status: 'incorrect' })
    expect(told(await other.outcome)).toBe('code_incorrect')
    expect(hosted.rig.events.filter(({ type }) => type === 'locked')).toHaveLength(1)
  })

  test('the life that a code had when it was typed is enough', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    hosted.rig.now += 5 * minute
    const { held, outcome } = await heldCheck(hosted, id)
    hosted.rig.now += minute
    held.resolve({ status: 'approved' })
    expect(told(await outcome)).toBe('passed')
  })
})

describe('a verifier that keeps no promise', () => {
  const nonsense: [string, () => unknown][] = [
    [
      'throws',
      () => {
        throw new Error('123456')
      },
    ],
    ['rejects', () => Promise.reject(new Error('123456'))],
    ['rejects with nothing', rejectWithNothing],
    ['answers nothing', () => Promise.resolve(undefined)],
    ['answers null', () => Promise.resolve(null)],
    ['answers a text', () => Promise.resolve('approved')],
    ['answers true', () => Promise.resolve(true)],
    ['answers a status nobody knows', () => Promise.resolve({ status: 'Approved' })],
    ['does not say what was judged', () => Promise.resolve({ status: 'unavailable' })],
  ]

  test.each(nonsense)(
    'at a check: one that %s may have judged it, and passes nobody',
    async (_w, f) => {
      const hosted = openHosted()
      const id = await begin(hosted.rig)
      hosted.check = f as HostedRig['check']
      expect(await guess(hosted.rig, typed(id))).toEqual({
        ...{ status: 'refused', code: 'delivery_unavailable', retryAfterSeconds: 30 },
        retryAt: new Date(t0 + 30 * second),
      })
      const { failures, challenge, grants } = await rowOf(hosted.rig)
      expect([failures, challenge?.attempts, grants]).toEqual([1, 1, []])
      expect(JSON.stringify(hosted.rig.events)).not.toContain('123456')
    },
  )

  const noStart: [string, () => unknown][] = [
    ...nonsense.slice(0, -1),
    ['gives no id', () => Promise.resolve({ status: 'started' })],
    ['gives an empty id', () => Promise.resolve({ status: 'started', ref: '' })],
    ['gives a number for an id', () => Promise.resolve({ status: 'started', ref: 1 })],
    ['gives an endless id', () => Promise.resolve({ status: 'started', ref: 'V'.repeat(256) })],
  ]

  test.each(noStart)(
    'at a start: one that %s may have sent, and leaves no challenge',
    async (_w, f) => {
      const hosted = openHosted()
      hosted.start = f as HostedRig['start']
      const { challengeId, answer } = await ask(hosted.rig)
      expect([challengeId, told(answer)]).toEqual([null, 'delivery_failed'])
      expect((await rowOf(hosted.rig)).challenge).toBeNull()
      expect(hosted.rig.events).toMatchObject([{ type: 'delivery_failed', outcome: 'maybe_sent' }])
      expect(JSON.stringify(hosted.rig.events)).not.toContain('123456')
    },
  )

  test.each(nonsense)('at a cancel: one that %s breaks no start', async (_w, f) => {
    const hosted = openHosted()
    await begin(hosted.rig)
    hosted.cancel = f as HostedRig['cancel']
    hosted.rig.now += 30 * second
    await begin(hosted.rig)
    expect(hosted.calls).toEqual(['start sms', 'cancel V1', 'start sms'])
  })

  test.each([
    [-1, 30],
    [Number.NaN, 30],
    [Number.POSITIVE_INFINITY, 86_400],
    ['soon', 30],
    [0, 1],
    [2.5, 3],
  ])('and asks for a wait of %s gets one of %d seconds', async (retryAfterSeconds, seconds) => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    hosted.check = () =>
      Promise.resolve({
        status: 'unavailable',
        judged: 'no',
        retryAfterSeconds,
      } as HostedCheckResult)
    expect(await guess(hosted.rig, typed(id))).toMatchObject({ retryAfterSeconds: seconds })
  })
})

describe('a verifier that never answers', () => {
  const never = () => new Promise<never>(() => undefined)

  test.each<[string, number, (hosted: HostedRig, id: string) => Promise<unknown>]>([
    ['a check', 15, ({ rig }, id) => guess(rig, typed(id)).then(told)],
    ['a start', 15, ({ rig }, id) => ask(rig, { ownId: id }).then(({ answer }) => told(answer))],
    ['a cancel', 5, ({ rig }, id) => endChallenge(rig.context, subject, id)],
    ['a cancel before a start', 20, ({ rig }) => ask(rig).then(({ answer }) => told(answer))],
    ['a cancel of a revoked one', 5, ({ rig }) => endAllGrants(rig.context, subject)],
    ['a cancel of a reset one', 5, ({ rig }) => clear(rig.context, subject, 'all')],
  ])('costs %s no more than %d seconds', async (_what, seconds, work) => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    hosted.rig.now += 30 * second
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    Object.assign(hosted, { check: never, start: never, cancel: never })
    let over = false
    const answer = work(hosted, id).finally(() => (over = true))
    await turns()
    await vi.advanceTimersByTimeAsync(seconds * second - 1)
    expect(over).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await turns()
    expect(over).toBe(true)
    expect(['delivery_unavailable', 'delivery_failed', undefined]).toContain(await answer)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('the writes', () => {
  test('hold the attempt before the vendor is asked, and the approval after', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    let during = 0
    hosted.check = async () => {
      during = (await rowOf(hosted.rig)).failures
      return { status: 'approved' }
    }
    expect(told(await guess(hosted.rig, typed(id)))).toBe('passed')
    expect([during, (await rowOf(hosted.rig)).failures]).toEqual([1, 0])
  })

  test('that fail before the vendor is asked leave it unasked', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    vi.spyOn(hosted.rig.context.store, 'compareAndSwap').mockRejectedValueOnce(new Error('down'))
    await expect(guess(hosted.rig, typed(id))).rejects.toThrow('the store failed')
    expect([hosted.calls, (await rowOf(hosted.rig)).failures]).toEqual([['start sms'], 0])
  })

  test('that fail after the approval pass nobody, and the attempt stays spent', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    hosted.check = () => {
      vi.spyOn(hosted.rig.context.store, 'compareAndSwap').mockRejectedValueOnce(new Error('down'))
      return Promise.resolve({ status: 'approved' })
    }
    await expect(guess(hosted.rig, typed(id))).rejects.toThrow('the store failed')
    const { failures, grants } = await rowOf(hosted.rig)
    expect([failures, grants]).toEqual([1, []])
  })

  test('that fail after a start leave a challenge that nothing judges, and the next start its own', async () => {
    const hosted = openHosted()
    const { store } = hosted.rig.context
    hosted.start = () => {
      vi.spyOn(store, 'compareAndSwap').mockRejectedValueOnce(new Error('down'))
      return Promise.resolve({ status: 'started', ref: 'V1' })
    }
    await expect(ask(hosted.rig)).rejects.toThrow('the store failed')
    const { challenge } = await rowOf(hosted.rig)
    expect(challenge?.hostedRef).toBeNull()
    expect(told(await guess(hosted.rig, typed(challenge?.id ?? '')))).toBe('code_expired')
    expect([hosted.calls, (await rowOf(hosted.rig)).failures]).toEqual([['start sms'], 0])
    hosted.rig.now += 30 * second
    hosted.start = () => Promise.resolve({ status: 'started', ref: 'V1' })
    const next = await begin(hosted.rig)
    hosted.check = () => Promise.resolve({ status: 'approved' })
    expect(told(await guess(hosted.rig, typed(next)))).toBe('passed')
  })
})

test('an answer to a start that another session has overtaken is not taken for that session’s', async () => {
  const hosted = openHosted()
  const held = deferred<HostedStartResult>()
  hosted.start = () => held.promise
  const overtaken = ask(hosted.rig)
  await turns()
  hosted.rig.now += 30 * second
  hosted.start = () => Promise.resolve({ status: 'started', ref: 'V2' })
  const next = await begin(hosted.rig)
  held.resolve({ status: 'started', ref: 'V1' })
  const { challengeId } = await overtaken
  expect((await rowOf(hosted.rig)).challenge).toMatchObject({ id: next, hostedRef: 'V2' })
  expect(told(await guess(hosted.rig, typed(challengeId ?? '')))).toBe('no_challenge')
  await guess(hosted.rig, typed(next))
  expect(hosted.calls).toEqual(['start sms', 'start sms', 'check V2'])
})

describe('a resend', () => {
  test('that the vendor answers with another id is judged by that one from then on', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    hosted.rig.now += 30 * second
    expect((await ask(hosted.rig, { ownId: id })).challengeId).toBe(id)
    await guess(hosted.rig, typed(id))
    expect(hosted.calls).toEqual(['start sms', 'start sms', 'check V2'])
  })

  test('by another channel that the vendor refuses leaves the channel as it was', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    const before = (await rowOf(hosted.rig)).challenge
    hosted.rig.now += 30 * second
    hosted.start = () => Promise.resolve({ status: 'rejected', reason: 'destination_blocked' })
    await ask(hosted.rig, { ownId: id, channel: 'call' })
    expect((await rowOf(hosted.rig)).challenge).toEqual(before)
  })
})
