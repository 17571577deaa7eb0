/** What every store has to do, as cases for any test runner. */

import type { StateStore } from '../ports/state-store.js'
import { raceCases } from './contract-races.js'
import { retentionCases } from './contract-retention.js'
import { stateCases } from './contract-state.js'

/** A store to try, and what releases it. */
export interface StoreUnderTest {
  readonly store: StateStore
  /** Called when a case is over, passed or not. */
  close?(): Promise<void>
}

/** One promise of a store. `run` rejects with an `AssertionError` where the store breaks it. */
export interface StoreContractCase {
  readonly title: string
  readonly run: () => Promise<void>
}

/**
 * The cases a store has to pass, rows first and races after them.
 *
 * `open` is called once for each case; it may open the store anew or hand out the same one. Every case uses
 * subjects of its own, so a database may be shared, though not by two runs at once: each would
 * prune the other's rows. The rows of a run are not cleared away.
 *
 * @example
 * for (const { title, run } of storeContract(() => openMyStore())) test(title, run)
 */
export function storeContract(open: () => Promise<StoreUnderTest>): StoreContractCase[] {
  return [...stateCases, ...retentionCases, ...raceCases].map(({ title, run }) => ({
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
