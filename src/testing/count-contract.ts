/** The contract of counts, as cases for any test runner. */

import type { CountStore } from '../ports/count-store.js'
import { countCases } from './count-cases.js'
import type { StoreContractCase } from './store-contract.js'

/** Counts to test. */
export interface CountsUnderTest {
  readonly counts: CountStore
  /** Called after a case, even if it fails. */
  close?(): Promise<void>
}

/**
 * The cases that a `CountStore` has to pass, including races. `open` is called once per case. Every case uses its own
 * counters, so they can share a database, but two runs at once cannot.
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
