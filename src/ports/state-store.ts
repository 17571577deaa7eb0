/** The store: one row per user. Implement it on any database that supports compare-and-swap. */

import type { SubjectState } from '../core/state.js'

/** Stores one row per user. `passport-second-factor/testing` has the contract tests that every store must pass. */
export interface StateStore {
  /**
   * Returns the user's row as last written, or `null` if there is none. Must not read from a lagging replica. Return
   * the whole row, with any fields that this release does not know. Validate it with `readRow`. A store may return the same
   * object again, so nobody may change it.
   */
  read(subject: string): Promise<SubjectState | null>

  /**
   * Writes `next` if the row still has `expectedVersion`, or if there is no row when that is `null`. Returns true if it
   * wrote, false if another write came first, and rejects only if the store fails. One atomic step, durable when the
   * promise resolves, outside any transaction of the caller.
   */
  compareAndSwap(
    subject: string,
    expectedVersion: number | null,
    next: SubjectState,
  ): Promise<boolean>

  /** Deletes the row if there is one, to erase the user. */
  delete(subject: string): Promise<void>

  /**
   * Deletes rows that were last written before `before` and whose `keepUntil` has passed at `now`, and returns the
   * number deleted. Rows without a `keepUntil` stay. Absent if the store expires rows itself.
   */
  prune?(before: Date, now?: Date): Promise<number>

  /**
   * Returns the number of rows that need each secret, by its id: rows with a code made with it that expires after
   * `since`, and rows with factors sealed under it. Absent if rows cannot be searched.
   */
  secretsInUse?(since: Date): Promise<{
    readonly challenges: Readonly<Record<string, number>>
    readonly seals: Readonly<Record<string, number>>
  }>

  /**
   * True if the store can lose rows, by eviction or when the process ends. Factors that users enrol then require
   * `users.hasFactors`.
   *
   * @default false
   */
  readonly mayForget?: boolean

  /**
   * Called once before any other call, with ids that identify this application. A store that several applications could
   * share by mistake can detect that here.
   */
  claim?(applicationIds: readonly string[]): void
}
