/** A store whose methods fail on request, in each of the ways that stores do. */

import { expect } from 'vitest'

import { memoryStore } from '../../src/adapters/memory/memory-store.js'
import { StoreUnavailableError } from '../../src/core/errors.js'
import type { StateStore } from '../../src/ports/state-store.js'
import { rejectWithNothing } from './rig.js'

/** A memory store that works until a test sets a fault. */
export interface FailingStore extends StateStore {
  fault: { readonly verb: keyof StateStore; readonly instead: () => Promise<never> } | null
  /** Calls of `compareAndSwap`. */
  swaps: number
}

export function failingStore(): FailingStore {
  const store = memoryStore()
  const instead = (verb: keyof StateStore) =>
    failing.fault?.verb === verb ? failing.fault.instead : null
  const failing: FailingStore = {
    fault: null,
    swaps: 0,
    read: (of) => instead('read')?.() ?? store.read(of),
    compareAndSwap(of, version, next) {
      failing.swaps += 1
      return instead('compareAndSwap')?.() ?? store.compareAndSwap(of, version, next)
    },
    delete: (of) => instead('delete')?.() ?? store.delete(of),
  }
  return failing
}

/** Never settles. */
export const hang = () => new Promise<never>(() => undefined)

/** The ways to fail at once, by name. */
export const faults: [string, () => Promise<never>][] = [
  ['rejects', () => Promise.reject(new Error('connection refused by postgres://user:pass@db'))],
  ['rejects with nothing', rejectWithNothing],
  [
    'throws',
    () => {
      throw new TypeError('client is closed')
    },
  ],
]

/** Expects `work` to reject with the one fault of a store, and returns it. */
export async function expectUnavailable(work: Promise<unknown>): Promise<StoreUnavailableError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(StoreUnavailableError)
  expect(error).toMatchObject({ code: 'store_unavailable', name: 'StoreUnavailableError' })
  return error as StoreUnavailableError
}
