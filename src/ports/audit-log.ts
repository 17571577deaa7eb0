/** Keeps what happened and who did it, so that it can be read months later. */

/** How an operator's action ended. `started`: nobody has noted it yet, or the process was killed in between. */
export type AuditOutcome = 'started' | 'done' | 'refused' | 'failed'

/** One entry. It never holds a code, a key or a whole phone. */
export interface AuditEntry {
  /** 26 ASCII characters that sort by time. Their first ten are `at`. */
  readonly id: string
  readonly at: Date
  /** The type of an event, such as `locked` or `reset`; at most 64 characters. */
  readonly type: string
  /** The user's id, at most 240 characters; `null` where it is about nobody, as a fault is. */
  readonly subject: string | null
  /** The operator, at most 200 characters; `null` where the person acted, or nobody was named. */
  readonly actor: string | null
  /** Why, in the operator's words, at most 200 characters. */
  readonly reason: string | null
  /** Of an operator's action; `null` for all else. */
  readonly outcome: AuditOutcome | null
  /** Further facts, as JSON keeps them. */
  readonly details: Readonly<Record<string, unknown>>
}

/** Which entries to read. */
export interface AuditQuery {
  readonly subject: string
  /** The most entries. */
  readonly limit: number
  /** Only entries before the one with this id; `null`: from the newest on. */
  readonly before: string | null
}

/**
 * Keeps the entries. A promise that settles means that the write is durable, outside any transaction of the
 * application. `passport-second-factor/testing` holds the contract.
 */
export interface AuditLog {
  /** Writes entries. One whose id is there already is left as it is, so that a write can be tried again. */
  append(entries: readonly AuditEntry[]): Promise<void>

  /** Notes how an action ended, on an entry that is still `started`; on any other, and on none, it does nothing. */
  settle(
    id: string,
    outcome: Exclude<AuditOutcome, 'started'>,
    details: Readonly<Record<string, unknown>>,
  ): Promise<void>

  /** The entries of one subject, the newest first. */
  read(query: AuditQuery): Promise<readonly AuditEntry[]>

  /** Removes entries that are older than the log keeps them, at most about 500; returns how many. */
  prune?(now: Date): Promise<number>
}
