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

/** Who acts on a user's row, and why. Both go to the event, and to the audit log where there is one. */
export interface ActionOptions {
  /**
   * Who does it: at most 200 characters, without control characters.
   *
   * @default nobody is named
   */
  readonly actor?: string | undefined
  /**
   * Why: at most 200 characters, without control characters.
   *
   * @default no reason is given
   */
  readonly reason?: string | undefined
}

/** Who acts and why, checked; absent where nobody said. */
export interface ActionFacts {
  readonly actor?: string
  readonly reason?: string
}

const actionNames: readonly string[] = ['actor', 'reason'] satisfies (keyof ActionOptions)[]

/**
 * Who acts and why. `others` are the names of further options of the call, which are checked elsewhere.
 *
 * @throws ConfigurationError where either cannot be used, or an option does not exist.
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
      `${owner}: ${name} must be a text of 1 to 200 characters, without control characters`,
      `${owner}.${name}`,
    )
  }
  return Object.fromEntries(given)
}

/**
 * The same where both are required.
 *
 * @throws ConfigurationError where either is absent or cannot be used, or an option does not exist.
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
    `${owner} needs ${name}, a text of 1 to 200 characters`,
    `${owner}.${name}`,
  )
}

/** A line of its own in a log, which some databases could not keep with a NUL or half a surrogate in it. */
function isActionText(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    text.trim() !== '' &&
    text.length <= 200 &&
    !/[\p{Cc}\p{Cs}]/u.test(text)
  )
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
