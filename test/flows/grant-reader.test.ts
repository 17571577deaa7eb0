import { describe, expect, test } from 'vitest'

import { memoryStore } from '../../src/adapters/memory/memory-store.js'
import { isRefusal } from '../../src/core/refusal.js'
import { grantReader } from '../../src/flows/grant-reader.js'
import { endAllGrants, endSession } from '../../src/flows/grants.js'
import type { StateStore } from '../../src/ports/state-store.js'
import { hour, second, t0 } from '../support/clock.js'
import { begin, deferred, guess, openRig, subject, turns, type Rig } from './rig.js'

/** A rig that has passed, with a store that counts its reads. */
async function passedRig(): Promise<{ rig: Rig; grantId: string; reads: () => number }> {
  let reads = 0
  const store = memoryStore()
  const counting: StateStore = {
    ...store,
    read: (of) => {
      reads += 1
      return store.read(of)
    },
  }
  const rig = openRig({ store: counting })
  const passed = await guess(rig, { sessionKey: await begin(rig) })
  if (isRefusal(passed)) throw new Error('not passed')
  reads = 0
  return { rig, grantId: passed.grant.id, reads: () => reads }
}

describe('a reader without a cache', () => {
  test('reads the store each time, once', async () => {
    const { rig, grantId, reads } = await passedRig()
    const reader = grantReader(rig.context, 0)
    expect(await reader.find(subject, grantId)).toMatchObject({ id: grantId })
    expect(await reader.find(subject, grantId)).not.toBeNull()
    expect(await reader.find(subject, 'another')).toBeNull()
    expect(reads()).toBe(3)
  })

  test('finds no grant once it is ended, whoever ends it', async () => {
    const { rig, grantId } = await passedRig()
    const reader = grantReader(rig.context, 0)
    await endSession(rig.context, subject, { grantId }, 'logout')
    expect(await reader.find(subject, grantId)).toBeNull()
  })

  test('finds a grant until its last millisecond, and only for its own user', async () => {
    const { rig, grantId } = await passedRig()
    const reader = grantReader(rig.context, 0)
    rig.now = t0 + 12 * hour - 1
    expect(await reader.find(subject, grantId)).not.toBeNull()
    expect(await reader.find('user-2', grantId)).toBeNull()
    rig.now += 1
    expect(await reader.find(subject, grantId)).toBeNull()
  })
})

describe('a reader with a cache', () => {
  test('skips reads for its lifetime and not a millisecond longer', async () => {
    const { rig, grantId, reads } = await passedRig()
    const reader = grantReader(rig.context, 10)
    await reader.find(subject, grantId)
    rig.now = t0 + 10 * second - 1
    await reader.find(subject, grantId)
    expect(reads()).toBe(1)
    rig.now += 1
    await reader.find(subject, grantId)
    expect(reads()).toBe(2)
  })

  test('does not skip reads for longer if the clock is set back', async () => {
    const { rig, grantId, reads } = await passedRig()
    const reader = grantReader(rig.context, 10)
    await reader.find(subject, grantId)
    rig.now -= hour
    await reader.find(subject, grantId)
    expect(reads()).toBe(2)
  })

  test('finds no grant after its end, cached or not', async () => {
    const { rig, grantId, reads } = await passedRig()
    const reader = grantReader(rig.context, 60)
    rig.now = t0 + 12 * hour - second
    await reader.find(subject, grantId)
    rig.now += second
    expect(await reader.find(subject, grantId)).toBeNull()
    expect(reads()).toBe(1)
  })

  test('forgets a user at once when this process ends a grant', async () => {
    const { rig, grantId } = await passedRig()
    const reader = grantReader(rig.context, 60)
    await reader.find(subject, grantId)
    await endAllGrants(rig.context, subject)
    reader.forget(subject)
    expect(await reader.find(subject, grantId)).toBeNull()
  })

  test('caches no read that was in progress when the user was forgotten', async () => {
    const { rig, grantId } = await passedRig()
    const answer = deferred<null>()
    const slow: StateStore = {
      ...rig.store,
      read: async (of) => {
        const row = await rig.store.read(of)
        await answer.promise
        return row
      },
    }
    const context = { ...rig.context, store: slow }
    const reader = grantReader(context, 60)
    const underWay = reader.find(subject, grantId)
    await turns()
    await endAllGrants(rig.context, subject)
    reader.forget(subject)
    answer.resolve(null)
    await underWay
    expect(await reader.find(subject, grantId)).toBeNull()
  })

  test('reads the store for a grant it has not cached, because another session may have passed', async () => {
    const { rig, grantId, reads } = await passedRig()
    const reader = grantReader(rig.context, 60)
    await reader.find(subject, grantId)
    const later = await guess(rig, { sessionKey: await begin(rig) })
    const before = reads()
    if (isRefusal(later)) throw new Error('not passed')
    expect(await reader.find(subject, later.grant.id)).not.toBeNull()
    expect(reads()).toBe(before + 1)
  })

  test('caches nothing for a user without a row', async () => {
    const { rig, reads } = await passedRig()
    const reader = grantReader(rig.context, 60)
    await reader.find('user-2', 'any')
    await reader.find('user-2', 'any')
    expect(reads()).toBe(2)
  })
})
