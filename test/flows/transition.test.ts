/** Read, decide, swap: what a write sets, what it keeps, and when no write is made. */

import { describe, expect, test, vi } from 'vitest'

import type { SubjectState } from '../../src/core/state.js'
import { transition } from '../../src/flows/transition.js'
import { inParallel } from '../../src/testing/contract-fixtures.js'
import { day, minute, second, t0 } from '../support/clock.js'
import { wrongCode } from '../support/codes.js'
import { rowOf } from '../support/rows.js'
import { failingStore } from './failing-store.js'
import { begin, guess, lastCode, openRig, subject } from './rig.js'

const bump = (row: SubjectState) => ({
  state: { ...row, failures: row.failures + 1 },
  outcome: 1,
})

describe('a transition', () => {
  test('that changes nothing writes nothing and creates no row', async () => {
    const store = failingStore()
    const { context } = openRig({ store })
    const { outcome } = await transition(context, subject, (state) => ({ state, outcome: 'seen' }))
    expect([outcome, store.swaps]).toEqual(['seen', 0])
    expect(await store.read(subject)).toBeNull()
  })

  test('increments the version with each write, and sets the time', async () => {
    const rig = openRig()
    const first = (await transition(rig.context, subject, bump)).state
    rig.now += second
    const next = (await transition(rig.context, subject, bump)).state
    expect(next).toMatchObject({
      version: first.version + 1,
      failures: 2,
      updatedAt: first.updatedAt + second,
    })
    expect(await rowOf(rig.store, subject)).toEqual(next)
  })

  test('starts a new row at a version that no deleted row had', async () => {
    const { context, store } = openRig()
    const first = (await transition(context, subject, bump)).state
    await store.delete(subject)
    const again = (await transition(context, subject, bump)).state
    expect(again.version).not.toBe(first.version)
    expect(await store.compareAndSwap(subject, first.version, first)).toBe(false)
  })

  test('keeps every write when many change one row at once', async () => {
    const { context, store } = openRig()
    await inParallel(40, () => transition(context, subject, bump))
    expect(await store.read(subject)).toMatchObject({ failures: 40 })
  })

  test('starts from the row just written without a read, unless it has changed since', async () => {
    const { context, store } = openRig()
    const read = vi.spyOn(store, 'read')
    const first = (await transition(context, subject, bump)).state
    read.mockClear()
    const second = (await transition(context, subject, bump, undefined, first)).state
    expect([second.failures, read.mock.calls.length]).toEqual([2, 0])
    const third = (await transition(context, subject, bump, undefined, first)).state
    expect([third.failures, read.mock.calls.length]).toEqual([3, 1])
    expect(await store.read(subject)).toEqual(third)
  })

  test('that would change nothing on an older row is decided on the current row', async () => {
    const { context } = openRig()
    const first = (await transition(context, subject, bump)).state
    await transition(context, subject, bump)
    const look = (state: SubjectState) => ({ state, outcome: state.failures })
    expect((await transition(context, subject, look, undefined, first)).outcome).toBe(2)
  })

  test('rejects with what its rule throws, and writes nothing', async () => {
    const { context, store } = openRig()
    const fault = new Error('a bug')
    const thrown = transition(context, subject, () => {
      throw fault
    })
    await expect(thrown).rejects.toBe(fault)
    expect(await store.read(subject)).toBeNull()
  })
})

describe('the retention of a row', () => {
  const endOfDay = (instant: number) => Math.ceil(instant / day) * day

  test('is set with each write by the factor, the failures and the grant', async () => {
    const rig = openRig({ policy: { grantLifetimeSeconds: 3_600 } })
    const keptUntil = async () => (await rowOf(rig.store, subject)).keepUntil
    const sessionKey = await begin(rig)
    expect(await keptUntil()).toBe(endOfDay(t0 + 5 * minute + day))
    await guess(rig, { sessionKey, code: wrongCode(lastCode(rig)) })
    expect(await keptUntil()).toBeNull()
    rig.now += second
    await guess(rig, { sessionKey })
    // The day's budget of messages, which outlives this grant.
    expect(await keptUntil()).toBe(endOfDay(t0 + day))
    const long = openRig({ policy: { standards: 'relaxed', grantLifetimeSeconds: 10 * 86_400 } })
    await guess(long, { sessionKey: await begin(long) })
    expect((await rowOf(long.store, subject)).keepUntil).toBe(endOfDay(t0 + 10 * day))
  })

  test('stays as it was with the writes of a day, which spares the index', async () => {
    const rig = openRig()
    const kept = new Set<number | null>()
    for (const hour of [1, 2, 3, 4]) {
      rig.now = endOfDay(t0) + hour * 60 * minute
      await guess(rig, { sessionKey: await begin(rig) })
      kept.add((await rowOf(rig.store, subject)).keepUntil)
    }
    expect([...kept]).toEqual([endOfDay(t0) + 2 * day])
  })
})
