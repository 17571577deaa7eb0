/** What a factor is made with: the policy, the row, events and callbacks, without a flow to import. */

import type { KeyRing } from '../core/keys.js'
import type { Policy } from '../core/policy.js'
import type { Refusal } from '../core/refusal.js'
import type { Decision, Instant, SubjectState } from '../core/state.js'
import type { UntimedEvent } from './event-sink.js'
import type { Attempt } from './attempt.js'
import type { Factor, FactorChange } from './factor.js'

/** What a factor works with. */
export interface FactorTools {
  readonly policy: Policy
  /** The application's name, or an empty string. */
  readonly appName: string
  readonly clock: () => Instant
  /** The ring of the `secret` option. @throws ConfigurationError where there is no secret. */
  readonly keys: () => KeyRing
  /** The user's row, or `null` where there is none. @throws StoreUnavailableError where the store fails. */
  readonly read: (subject: string) => Promise<SubjectState | null>
  /**
   * Applies a pure rule to a row, again and again until its write holds; first to `from`, the row as it was just
   * written, where that is given.
   *
   * @throws StoreUnavailableError where the store fails.
   */
  readonly transition: <Outcome>(
    subject: string,
    decide: (row: SubjectState, now: Instant) => Decision<Outcome>,
    from?: SubjectState,
  ) => Promise<Decision<Outcome>>
  /** Passes an event to the application. */
  readonly emit: (event: UntimedEvent) => void
  /**
   * Whether the row holds another factor than the one of this kind that counts by itself, or is closed until an operator's
   * code has passed: then nothing that nobody has proved may pass.
   */
  readonly isOtherHeld: (row: SubjectState, kind: string) => boolean
  /** Whether another factor than the one of this kind could be passed by. */
  readonly isOtherUsable: (row: SubjectState, kind: string) => boolean
  /** Tells the user's other factors of a change, so that the person hears of it. Nobody waits for it. */
  readonly tellChange: <User>(change: FactorChange<User>) => void
  /** Judges for a caller without a session: as for a sign-in, but nobody is given a grant. */
  readonly verify: (
    factor: Pick<Factor<never>, 'kind' | 'method' | 'isGuessable' | 'judge' | 'answered'>,
    subject: string,
    attempt: Attempt,
  ) => Promise<{ readonly status: 'passed'; readonly proof: unknown } | Refusal>
  /**
   * Calls back into the application, as `users.{name}`.
   *
   * @throws DirectoryUnavailableError where the callback throws, rejects or is late.
   */
  readonly ask: <T>(name: string, callback: () => T | Promise<T>) => Promise<T>
  /** Settles as `work` does, or rejects after so many seconds; the work itself is not stopped. */
  readonly withDeadline: <T>(
    work: T | PromiseLike<T>,
    seconds: number,
    late: () => Error,
  ) => Promise<T>
}

/** A factor before it has its tools: what `createSecondFactor` takes. */
export interface FactorDefinition<User> {
  create(tools: FactorTools): Factor<User>
}
