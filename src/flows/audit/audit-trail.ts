/** The audit trail as the flows see it. */

import type { ActionFacts } from '../../core/admin.js'
import type { AuditEntry } from '../../ports/audit-log.js'
import type { UntimedEvent } from '../../ports/event-sink.js'

/** Something that an operator is about to do. */
export interface OperatorAction extends ActionFacts {
  /** The type of its entry, as of the event that follows it. */
  readonly type: string
  /** The user's id; `null` for what is about no user. */
  readonly subject: string | null
  /** Further facts, without secrets. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** Which entries to read. */
export interface HistoryOptions {
  /**
   * The most entries, up to 500.
   *
   * @default 50
   */
  readonly limit?: number | undefined
  /**
   * The id of an entry: those before it follow.
   *
   * @default from the newest on
   */
  readonly before?: string | undefined
}

/** The trail of one application. */
export interface AuditTrail {
  /**
   * Writes what an operator is about to do, does it, and notes how it ended.
   *
   * @throws AuditUnavailableError where it cannot be written in time: then nothing was done.
   */
  act<T>(action: OperatorAction, work: () => Promise<T>): Promise<T>
  /** Takes an event, if it is one of those that are kept. Nobody waits for it. */
  note(event: UntimedEvent): void
  /**
   * The entries of a user, the newest first.
   *
   * @throws AuditUnavailableError where the log does not answer in time.
   * @throws ConfigurationError where `limit` or `before` cannot be used.
   */
  history(subject: string, options?: HistoryOptions): Promise<readonly AuditEntry[]>
  /** Asks the log for an entry that there is not. @throws AuditUnavailableError where it does not answer in time. */
  check(): Promise<void>
  /** Writes what waits. Never rejects. */
  flush(): Promise<void>
}
