/** The audit log: a record of events and operators' actions, kept for months. */

/** The outcome of an operator's action. `started`: not recorded yet, or the process was killed in between. */
export type AuditOutcome = 'started' | 'done' | 'refused' | 'failed'

/** An audit entry. It never contains a code, a key or a whole phone. */
export interface AuditEntry {
  /** 26 ASCII characters that sort by time. The first ten encode `at`. */
  readonly id: string
  readonly at: Date
  /** The type of the event, such as `locked` or `reset`, at most 64 characters. */
  readonly type: string
  /** The user's id, at most 240 characters; `null` if it concerns no user, such as a fault. */
  readonly subject: string | null
  /** The operator's name, at most 200 characters; `null` if not given, or the user acted. */
  readonly actor: string | null
  /** The operator's reason, at most 200 characters. */
  readonly reason: string | null
  /** The outcome of an operator's action; `null` for other entries. */
  readonly outcome: AuditOutcome | null
  /** Further facts, as JSON. */
  readonly details: Readonly<Record<string, unknown>>
}

/** A query for entries. */
export interface AuditQuery {
  readonly subject: string
  /** Maximum number of entries. */
  readonly limit: number
  /** Return only entries before the one with this id; `null` to start with the newest. */
  readonly before: string | null
}

/**
 * Stores the entries. A write is durable when its promise resolves, and runs outside the application's transactions.
 * `passport-second-factor/testing` has the contract tests.
 */
export interface AuditLog {
  /** Writes entries. Leaves an entry whose id exists as it is, so a write can be retried. */
  append(entries: readonly AuditEntry[]): Promise<void>

  /**
   * Records the outcome on an entry that is still `started`. Does nothing to any other, or if there is no such entry.
   */
  settle(
    id: string,
    outcome: Exclude<AuditOutcome, 'started'>,
    details: Readonly<Record<string, unknown>>,
  ): Promise<void>

  /** Returns the entries of one subject, newest first. */
  read(query: AuditQuery): Promise<readonly AuditEntry[]>

  /** Deletes up to about 500 entries that are past the log's retention, and returns the number deleted. */
  prune?(now: Date): Promise<number>
}
