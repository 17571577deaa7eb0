/** Keeps one row per user. Implement these verbs to store the state anywhere that can compare and swap. */

import type { SubjectState } from '../core/state.js'

/** Keeps the rows. `passport-second-factor/testing` holds the contract that every store has to pass. */
export interface StateStore {
  /**
   * The user's row as last written, or `null` where there is none. Must not read from a lagging replica. A row
   * comes back whole, with fields that this release does not know; `readRow` checks what was stored.
   */
  read(subject: string): Promise<SubjectState | null>

  /**
   * Writes `next` only if the row still has `expectedVersion` (`null`: only if there is no row), and
   * returns whether it did. One atomic step, durable when the promise settles, outside any transaction of the caller.
   * A lost swap is `false`; only a fault of the store rejects.
   */
  compareAndSwap(
    subject: string,
    expectedVersion: number | null,
    next: SubjectState,
  ): Promise<boolean>

  /** Removes the row, if there is one: the user is erased. */
  delete(subject: string): Promise<void>

  /**
   * Removes rows not written since `before` whose `keepUntil` has passed at `now` (those without one stay), and
   * returns how many. Absent where the store lets rows expire by itself.
   */
  prune?(before: Date, now?: Date): Promise<number>

  /**
   * How many rows need each secret, by its id: those with a code made under it that ends after `since`, and those with
   * factors sealed under it. Absent where rows cannot be searched.
   */
  secretsInUse?(since: Date): Promise<{
    readonly challenges: Readonly<Record<string, number>>
    readonly seals: Readonly<Record<string, number>>
  }>

  /**
   * Whether rows may be lost although nobody removed them: by eviction, or with the process. Factors that people enrol
   * then need `users.hasFactors`. Absent: they are kept.
   */
  readonly mayForget?: boolean

  /**
   * Takes ids that only the processes of this application have, before the first call. A store whose rows another
   * application could come to share tells so then. Absent where that is of no concern.
   */
  claim?(applicationIds: readonly string[]): void
}
