/** Resets of the fields of a user's row that all factors share. Each factor resets its own part. */

import { ConfigurationError } from './errors.js'
import { assertKnownOptions } from './known-options.js'
import { withDevices } from './devices.js'
import { newSubject, noLock, type Instant, type SubjectState } from './state.js'

/** The scope of a reset. */
export type ResetScope =
  /** Failures, lock, hard stop, send counters, trusted devices, running challenge. Grants and enrolments stay. */
  | 'all'
  /** Failures, lock and hard stop. A running challenge gets all its attempts back. */
  | 'attempts'
  /** The counters of sent messages. */
  | 'resends'
  /** The running challenge. */
  | 'challenge'

/** The operator behind an action and their reason, for the event and for the audit log if there is one. */
export interface ActionOptions {
  /**
   * The operator's name: at most 200 characters, without control characters.
   *
   * @default none
   */
  readonly actor?: string | undefined
  /**
   * The reason: at most 200 characters, without control characters.
   *
   * @default none
   */
  readonly reason?: string | undefined
}

/** A validated operator and reason; absent if not given. */
export interface ActionFacts {
  readonly actor?: string
  readonly reason?: string
}

const actionNames: readonly string[] = ['actor', 'reason'] satisfies (keyof ActionOptions)[]

/**
 * Validates `actor` and `reason` and returns those that were given. `others` are the names of further options of the
 * call, which the caller validates.
 *
 * @throws ConfigurationError if either is invalid, or an option is unknown.
 */
export function actionFacts(
  owner: string,
  options: ActionOptions = {},
  others: readonly string[] = [],
): ActionFacts {
  const known = [...actionNames, ...others].map((name) => [name, true] as const)
  assertKnownOptions(owner, options, Object.fromEntries(known))
  const given = Object.entries<unknown>({ ...options }).filter(
    ([name, text]) => actionNames.includes(name) && text !== undefined,
  )
  for (const [name, text] of given) {
    if (isActionText(text)) continue
    throw new ConfigurationError(
      `${owner}: ${name} must be a string of 1 to 200 characters, without control characters`,
      `${owner}.${name}`,
    )
  }
  return Object.fromEntries(given)
}

/**
 * Validates `actor` and `reason` like `actionFacts`, and requires both.
 *
 * @throws ConfigurationError if either is missing or invalid, or an option is unknown.
 */
export function requiredActionFacts(
  owner: string,
  options: ActionOptions,
  others: readonly string[],
): Required<ActionFacts> {
  const { actor, reason } = actionFacts(owner, options, others)
  if (actor !== undefined && reason !== undefined) return { actor, reason }
  const name = actor === undefined ? 'actor' : 'reason'
  throw new ConfigurationError(
    `${owner} needs ${name}, a string of 1 to 200 characters`,
    `${owner}.${name}`,
  )
}

/**
 * True for a valid actor or reason. Some databases cannot store a NUL or a lone surrogate, and a log needs one line.
 */
function isActionText(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    text.trim() !== '' &&
    text.length <= 200 &&
    !/[\p{Cc}\p{Cs}]/u.test(text)
  )
}

/** Resets the fields that all factors share. */
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
