/** What an operator may reset in a user's row, beside what each factor resets of its own part. */

import { ConfigurationError } from './errors.js'
import { assertKnownOptions } from './known-options.js'
import { withDevices } from './devices.js'
import { newSubject, noLock, type Instant, type SubjectState } from './state.js'

/** What a reset clears. */
export type ResetScope =
  /** Failures, lock and hard stop, send counters, trusted devices and what is running. Grants and enrolments stay. */
  | 'all'
  /** Failures, lock and hard stop; a running challenge gets its whole budget again. */
  | 'attempts'
  /** The counters of messages that were sent. */
  | 'resends'
  /** The running challenge. */
  | 'challenge'

/** Who acts on a user's row, and why. */
export interface ActionOptions {
  /**
   * Who does it, as the event names them: at most 200 characters.
   *
   * @default nobody is named
   */
  readonly actor?: string | undefined
  /**
   * Why, as the event says it: at most 200 characters.
   *
   * @default no reason is given
   */
  readonly reason?: string | undefined
}

const actionNames: Readonly<Record<keyof ActionOptions, true>> = { actor: true, reason: true }

/**
 * What an event says of who acts and why; absent where nobody said.
 *
 * @throws ConfigurationError where either is no text of 1 to 200 characters.
 */
export function actionFacts(
  owner: string,
  options: ActionOptions = {},
): { readonly actor?: string; readonly reason?: string } {
  assertKnownOptions(owner, options, actionNames)
  const given = Object.entries<unknown>({ ...options }).filter(([, text]) => text !== undefined)
  for (const [name, text] of given) {
    if (typeof text === 'string' && text.trim() !== '' && text.length <= 200) continue
    throw new ConfigurationError(
      `${owner}: ${name} must be a text of 1 to 200 characters`,
      `${owner}.${name}`,
    )
  }
  return Object.fromEntries(given)
}

/** Resets what all factors share. */
export function resetShared(state: SubjectState, scope: ResetScope, now: Instant): SubjectState {
  if (scope === 'attempts') return { ...state, failures: 0, lock: noLock }
  if (scope !== 'all') return state
  const { epoch, grants, factors } = state
  const reset = {
    ...state,
    ...newSubject(state.subject, state.version, now),
    epoch,
    grants,
    factors,
  }
  return withDevices(reset, [])
}
