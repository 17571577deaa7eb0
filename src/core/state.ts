/** The row of a user: the fields that all factors share, and a part for each factor. */

/** An instant, in milliseconds since the epoch. */
export type Instant = number

/** The name of a way to pass the second factor, in grants, responses and events. */
export type Method = string

/** The purpose of a proof. Evidence for one purpose never counts for another. */
export type Purpose =
  /** Passes the second factor. */
  | 'sign-in'
  /** Adds or changes a factor. */
  | 'enrolment'

/** A lock after too many failures. `disabled` is the hard stop, which only a reset ends. */
export type Lock =
  | { readonly tier: number; readonly until: Instant | null }
  | { readonly tier: 'disabled'; readonly until: null }

/** Proof that the second factor was passed. One session holds it by its random id. */
export interface Grant {
  readonly id: string
  readonly method: Method
  readonly issuedAt: Instant
  readonly expiresAt: Instant
  /**
   * The session's key when it passed. Passing gives the session a new id and a new key, so a logout that started just
   * before still ends the grant by this one.
   */
  readonly sessionKey?: string | undefined
  /** Earlier passes of this session by other methods, at most 3, so that a new pass does not discard them. */
  readonly earlier?: readonly EarlierPass[] | undefined
}

/** An earlier pass of the session that holds a grant. */
export type EarlierPass = Pick<Grant, 'method' | 'issuedAt' | 'expiresAt'>

/** One factor's part of the row: JSON that only this factor interprets. */
export interface FactorPart {
  /** True if the user has enrolled something here. The row is then kept until it is removed. */
  readonly held?: boolean | undefined
  /** The id of the secret that seals data here, so operators can see when an old secret is no longer needed. */
  readonly sealedBy?: string | undefined
}

/** The row of a user. Each write replaces the whole row, if `version` has not changed. */
export interface SubjectState {
  /** The user's id as a string. */
  readonly subject: string
  /** Rises by one with each write. Starts at a random number, so a version is not reused after a delete. */
  readonly version: number
  /** Failures in a row, across all factors. */
  readonly failures: number
  readonly lock: Lock
  /** Rises when every grant is revoked, as after a factor change. Voids pending logins and set-ups. */
  readonly epoch: number
  /** Newest last, at most 20. */
  readonly grants: readonly Grant[]
  /** The part of each factor, by its kind. */
  readonly factors: Readonly<Record<string, FactorPart>>
  /** The instant from which the row is no longer needed; `null` if it must be kept. */
  readonly keepUntil: Instant | null
  readonly updatedAt: Instant
}

/** The result of a pure rule: the state to write, or the same object if nothing changes, and the outcome. */
export interface Decision<Outcome> {
  readonly state: SubjectState
  readonly outcome: Outcome
}

/** Not locked, and never was. */
export const noLock: Lock = { tier: 0, until: null }

/** The state of a user without a row. */
export function newSubject(subject: string, version: number, now: Instant): SubjectState {
  return {
    subject,
    version,
    failures: 0,
    lock: noLock,
    epoch: 0,
    grants: [],
    factors: {},
    keepUntil: now,
    updatedAt: now,
  }
}

/**
 * Replaces one factor's part of the row.
 *
 * @example
 * return { state: withPart(row, 'word', { held: true, word }), outcome: null }
 */
export function withPart(state: SubjectState, kind: string, part: FactorPart): SubjectState {
  return { ...state, factors: { ...state.factors, [kind]: part } }
}

/** Tolerated clock skew between two processes. Anything dated further into the future is rejected. */
export const clockSkewSeconds = 30

/** An instant further in the future than this is invalid: a clock has jumped. Up to it, trying again later helps. */
export const maxSkewSeconds = 300

/**
 * Adds seconds to an instant.
 *
 * @example
 * const expiresAt = after(now, policy.codeLifetimeSeconds)
 */
export function after(instant: Instant, seconds: number): Instant {
  return instant + Math.round(seconds * 1000)
}

/**
 * Returns true if an instant is not in the future, with 30 s of tolerance for clock skew.
 *
 * @example
 * if (!hasHappened(part.usedAt, now)) return refusal('code_expired')
 */
export function hasHappened(instant: Instant, now: Instant): boolean {
  return instant <= after(now, clockSkewSeconds)
}
