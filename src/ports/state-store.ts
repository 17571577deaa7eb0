/** Keeps one row per user. Implement these verbs to store the state anywhere that can compare and swap. */

import type { SubjectState } from '../core/state.js'

/** Keeps the rows. `passport-second-factor/testing` holds the contract that every store has to pass. */
export interface StateStore {
  /** The user's row as last written, or `null` where there is none. Must not answer from a lagging replica. */
  read(subject: string): Promise<SubjectState | null>

  /**
   * Writes `next` only if the row still has `expectedVersion` (`null`: only if there is no row), and
   * says whether it did. One atomic step, durable when the promise settles, outside any transaction of the caller.
   * A lost swap is `false`; only a fault of the store rejects.
   */
  compareAndSwap(
    subject: string,
    expectedVersion: number | null,
    next: SubjectState,
  ): Promise<boolean>

  /** Removes the row, if there is one. */
  delete(subject: string): Promise<void>

  /**
   * Removes rows not written since `before` whose `keepUntil` has passed at `now` (rows with
   * failures or a lock stay), and says how many. Absent where the store lets rows expire by itself.
   */
  prune?(before: Date, now?: Date): Promise<number>
}
