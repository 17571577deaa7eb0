/** Verifiers that break their contract, and verifiers that never answer. */

import { afterEach, describe, expect, test, vi } from 'vitest'

import type { HostedCheckResult } from '../../../src/factors/phone/ports/hosted-verifier.js'
import { forget, reset } from '../../../src/flows/admin.js'
import { endAllGrants, endSession } from '../../../src/flows/grants.js'
import {
  ask,
  begin,
  guess,
  phonePartOf,
  rejectWithNothing,
  subject,
  turns,
} from '../../flows/rig.js'
import { second, t0 } from '../../support/clock.js'
import { outcomeOf } from '../../support/codes.js'
import { rowOf } from '../../support/rows.js'
import { openHosted, typed, type HostedRig } from './hosted-rig.js'

afterEach(() => {
  vi.useRealTimers()
})

describe('a verifier that breaks its contract', () => {
  const nonsense: [string, () => unknown][] = [
    [
      'throws',
      () => {
        throw new Error('123456')
      },
    ],
    ['rejects', () => Promise.reject(new Error('123456'))],
    ['rejects with nothing', rejectWithNothing],
    ['returns nothing', () => Promise.resolve(undefined)],
    ['returns null', () => Promise.resolve(null)],
    ['returns a string', () => Promise.resolve('approved')],
    ['returns true', () => Promise.resolve(true)],
    ['returns an unknown status', () => Promise.resolve({ status: 'Approved' })],
    ['does not say whether it judged', () => Promise.resolve({ status: 'unavailable' })],
  ]

  test.each(nonsense)(
    'at a check: one that %s may have judged it, and lets nobody pass',
    async (_how, check) => {
      const hosted = openHosted()
      const id = await begin(hosted.rig)
      hosted.check = check as HostedRig['check']
      expect(await guess(hosted.rig, typed(id))).toEqual({
        ...{ status: 'refused', code: 'delivery_unavailable', retryAfterSeconds: 30 },
        retryAt: new Date(t0 + 30 * second),
      })
      const { failures, grants } = await rowOf(hosted.rig.store, subject)
      expect([failures, grants]).toEqual([1, []])
      expect((await phonePartOf(hosted.rig)).challenge?.attempts).toBe(1)
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
    async (_how, start) => {
      const hosted = openHosted()
      hosted.start = start as HostedRig['start']
      const { answer } = await ask(hosted.rig)
      expect(outcomeOf(answer)).toBe('delivery_failed')
      expect((await phonePartOf(hosted.rig)).challenge).toBeNull()
      expect(hosted.rig.events).toMatchObject([{ type: 'delivery_failed', outcome: 'maybe_sent' }])
      expect(JSON.stringify(hosted.rig.events)).not.toContain('123456')
    },
  )

  test.each(nonsense)('at a cancel: one that %s breaks no start', async (_how, cancel) => {
    const hosted = openHosted()
    await begin(hosted.rig)
    hosted.cancel = cancel as HostedRig['cancel']
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
  ])('by a wait of %s s results in a wait of %d s', async (retryAfterSeconds, seconds) => {
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
    ['a check', 15, ({ rig }, id) => guess(rig, typed(id)).then(outcomeOf)],
    [
      'a start',
      15,
      ({ rig }, id) => ask(rig, { sessionKey: id }).then(({ answer }) => outcomeOf(answer)),
    ],
    [
      'a cancel',
      5,
      ({ rig }, id) => endSession(rig.context, subject, { sessionKey: id }, 'logout'),
    ],
    ['a cancel before a start', 20, ({ rig }) => ask(rig).then(({ answer }) => outcomeOf(answer))],
    ['a cancel of a revoked one', 5, ({ rig }) => endAllGrants(rig.context, subject)],
    ['a cancel of a reset one', 5, ({ rig }) => reset(rig.context, subject, 'all')],
    ['a cancel of an erased one', 5, ({ rig }) => forget(rig.context, subject, [])],
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
