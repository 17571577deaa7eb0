/** What every keeper of counts has to do, as cases for any test runner. */

import type { CountStore } from '../ports/count-store.js'
import { countCases } from './count-cases.js'
import type { StoreContractCase } from './store-contract.js'

/** Counts to try, and what releases them. */
export interface CountsUnderTest {
  readonly counts: CountStore
  /** Called when a case is over, passed or not. */
  close?(): Promise<void>
}

/**
 * The cases that a `CountStore` has to pass, races included. `open` is called once for each case. Every case uses
 * counters of its own, so that a database may be shared, though not by two runs at once.
 *
 * @example
 * for (const { title, run } of countContract(() => openMyCounts())) test(title, run)
 */
export function countContract(open: () => Promise<CountsUnderTest>): StoreContractCase[] {
  return countCases.map(({ title, run }) => ({
    title,
    run: async () => {
      const opened = await open()
      try {
        await run(opened.counts)
      } finally {
        await opened.close?.()
      }
    },
  }))
}
