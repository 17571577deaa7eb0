/** The interface of the audit trail for the flows. */

import type { ActionFacts } from '../../core/admin.js'
import type { AuditEntry } from '../../ports/audit-log.js'
import type { UntimedEvent } from '../../ports/event-sink.js'

/** An operator's action, before it is performed. */
export interface OperatorAction extends ActionFacts {
  /** The type of its entry: the type of the event that the action emits. */
  readonly type: string
  /** The user's id; `null` if it concerns no user. */
  readonly subject: string | null
  /** Further facts, without secrets. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** The options of `history`. */
export interface HistoryOptions {
  /**
   * Maximum number of entries, 1 to 500.
   *
   * @default 50
   */
  readonly limit?: number | undefined
  /**
   * The id of an entry. Only entries before it are returned.
   *
   * @default none: starts with the newest
   */
  readonly before?: string | undefined
}

/** The audit trail of one application. */
export interface AuditTrail {
  /**
   * Records an operator's action, performs it, and records its outcome.
   *
   * @throws AuditUnavailableError if the action cannot be recorded in time. It is then not performed.
   */
  act<T>(action: OperatorAction, work: () => Promise<T>): Promise<T>
  /** Records an event if its type is audited. Does not wait for the write. */
  note(event: UntimedEvent): void
  /**
   * Returns the entries of a user, newest first.
   *
   * @throws AuditUnavailableError if the log fails or times out.
   * @throws ConfigurationError if `limit` or `before` is invalid.
   */
  history(subject: string, options?: HistoryOptions): Promise<readonly AuditEntry[]>
  /** Reads from the log, to check its health. @throws AuditUnavailableError if it fails or times out. */
  check(): Promise<void>
  /** Writes the buffered entries. Never rejects. */
  flush(): Promise<void>
}
