/** The dependencies that a factor gets, since it cannot import the flows: policy, rows, events and callbacks. */

import type { KeyRing } from '../core/keys.js'
import type { Policy } from '../core/policy.js'
import type { Refusal } from '../core/refusal.js'
import type { Decision, Instant, SubjectState } from '../core/state.js'
import type { UntimedEvent } from './event-sink.js'
import type { Attempt } from './attempt.js'
import type { Factor, FactorChange } from './factor.js'

/** The dependencies of a factor. */
export interface FactorTools {
  readonly policy: Policy
  /** The application's name, or an empty string. */
  readonly appName: string
  readonly clock: () => Instant
  /** Returns the key ring of the `secret` option. @throws ConfigurationError if there is no secret. */
  readonly keys: () => KeyRing
  /** Reads a user's row; `null` if there is none. @throws StoreUnavailableError if the store fails. */
  readonly read: (subject: string) => Promise<SubjectState | null>
  /**
   * Applies a pure rule to a row, and retries with the new row if another write came first. With `from`, the row as it
   * was just read or written, the first attempt does not read the store.
   *
   * @throws StoreUnavailableError if the store fails.
   */
  readonly transition: <Outcome>(
    subject: string,
    decide: (row: SubjectState, now: Instant) => Decision<Outcome>,
    from?: SubjectState | null,
  ) => Promise<Decision<Outcome>>
  /** Emits an event to the application. */
  readonly emit: (event: UntimedEvent) => void
  /**
   * Returns true if the row holds a factor of another kind, backups aside, or is closed until the user enters an
   * operator's code. An unverified factor of this kind must then not pass.
   */
  readonly isOtherHeld: (row: SubjectState, kind: string) => boolean
  /** Returns true if the user can pass by an enrolled factor of another kind, backups aside. */
  readonly isOtherUsable: (row: SubjectState, kind: string) => boolean
  /** Reports a change to the user's other factors, which notify the user. Nothing waits for it. */
  readonly tellChange: <User>(change: FactorChange<User>) => void
  /** Judges evidence for a caller without a session, with all limits of a sign-in. Stores no grant. */
  readonly verify: (
    factor: Pick<Factor<never>, 'kind' | 'method' | 'isGuessable' | 'judge' | 'answered'>,
    subject: string,
    attempt: Attempt,
  ) => Promise<{ readonly status: 'passed'; readonly proof: unknown } | Refusal>
  /**
   * Calls the application's callback `users.{name}`.
   *
   * @throws DirectoryUnavailableError if the callback throws, rejects or times out.
   */
  readonly ask: <T>(name: string, callback: () => T | Promise<T>) => Promise<T>
  /** Settles like `work`, or rejects with `late()` after this many seconds. Does not cancel the work. */
  readonly withDeadline: <T>(
    work: T | PromiseLike<T>,
    seconds: number,
    late: () => Error,
  ) => Promise<T>
}

/** A factor before it gets its dependencies, for the option `factors`. */
export interface FactorDefinition<User> {
  create(tools: FactorTools): Factor<User>
}
