/** The contract's cases about deleting rows, and about pruning if the store has it. */

import assert from 'node:assert/strict'

import type { SubjectState } from '../core/state.js'
import {
  bareState,
  baseAt,
  freshSubject,
  fullState,
  heldParts,
  unknownPart,
  withParts,
  type ContractCase,
} from './contract-fixtures.js'

export const retentionCases: readonly ContractCase[] = [
  {
    title: 'a delete can be repeated, and no swap on an earlier version works after it',
    async run(store) {
      const subject = freshSubject('deleted')
      await store.delete(subject)
      await store.compareAndSwap(subject, null, fullState(subject, 7))
      await store.delete(subject)
      await store.delete(subject)
      assert.equal(await store.read(subject), null)
      assert.equal(await store.compareAndSwap(subject, 7, fullState(subject, 8)), false)
      const again = bareState(subject, 1_000)
      assert.equal(await store.compareAndSwap(subject, null, again), true)
      assert.equal(await store.compareAndSwap(subject, 7, fullState(subject, 8)), false)
      assert.deepEqual(await store.read(subject), again)
    },
  },
  {
    title: 'prune, if the store has it, removes only rows that limit nobody any more',
    async run(store) {
      if (store.prune === undefined) return
      // Long ago, because no row in use may be old enough to be pruned along with these.
      const shift = Date.UTC(2001, 0, 1) - baseAt
      const updatedAt = baseAt + shift
      const now = new Date(updatedAt + 1)
      const old = (label: string, parts: Partial<SubjectState>): SubjectState => {
        return { ...bareState(freshSubject(label), 1), updatedAt: updatedAt - 1_000, ...parts }
      }
      const stay = [
        old('no end', { keepUntil: null }),
        old('end ahead', { keepUntil: now.getTime() + 1 }),
        old('written since', { updatedAt, keepUntil: updatedAt - 1 }),
        withParts(old('enrolled', { keepUntil: null }), { ...heldParts }),
        withParts(old('enrolled elsewhere', { keepUntil: null }), { another: unknownPart }),
        withParts(old('trusted', { keepUntil: now.getTime() + 1 }), {
          devices: heldParts.devices,
        }),
      ]
      const leave = [
        old('end just passed', { keepUntil: now.getTime() }),
        old('end long passed', { keepUntil: updatedAt - 1_000 }),
      ]
      await store.prune(new Date(updatedAt), now)
      for (const state of [...stay, ...leave]) {
        assert.equal(await store.compareAndSwap(state.subject, null, state), true)
      }
      assert.equal(await store.prune(new Date(updatedAt), now), leave.length)
      for (const { subject } of leave) assert.equal(await store.read(subject), null)
      for (const state of stay) assert.deepEqual(await store.read(state.subject), state)
      assert.equal(await store.prune(new Date(updatedAt), now), 0)
      for (const { subject } of stay) await store.delete(subject)
    },
  },
]
