/** The contract of stores, as cases for any test runner. */

import type { StateStore } from '../ports/state-store.js'
import { raceCases } from './contract-races.js'
import { retentionCases } from './contract-retention.js'
import { stateCases } from './contract-state.js'
import { swapCases } from './contract-swaps.js'

/** A store to test. */
export interface StoreUnderTest {
  readonly store: StateStore
  /** Called after a case, even if it fails. */
  close?(): Promise<void>
}

/** One requirement for a store. `run` rejects with an `AssertionError` if the store does not meet it. */
export interface StoreContractCase {
  readonly title: string
  readonly run: () => Promise<void>
}

/**
 * The cases that a store has to pass, rows first, then races.
 *
 * `open` is called once per case; it may open a new store or return the same one. Every case uses its own subjects, so
 * they can share a database, but two runs at once cannot, because each would prune the other's rows. Rows are left behind.
 *
 * @example
 * for (const { title, run } of storeContract(() => openMyStore())) test(title, run)
 */
export function storeContract(open: () => Promise<StoreUnderTest>): StoreContractCase[] {
  return [...stateCases, ...swapCases, ...retentionCases, ...raceCases].map(({ title, run }) => ({
    title,
    run: async () => {
      const opened = await open()
      try {
        await run(opened.store)
      } finally {
        await opened.close?.()
      }
    },
  }))
}
