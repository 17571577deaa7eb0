/** The one row of a user: what all factors share, and a part for each of them. */

/** An instant, in milliseconds since the epoch. Names of instants end in `At`. */
export type Instant = number

/** A way to pass the second factor, as grants, answers and events name it. */
export type Method = string

/** What a proof is for. Evidence given for one purpose never counts for the other. */
export type Purpose =
  /** To pass the second factor. */
  | 'sign-in'
  /** To add a factor, or to change one. */
  | 'enrolment'

/** A wait after too many failures; `disabled` is the hard stop, ended only by a reset. */
export type Lock =
  | { readonly tier: number; readonly until: Instant | null }
  | { readonly tier: 'disabled'; readonly until: null }

/** Proof that a second factor was passed, held by one session through its random id. */
export interface Grant {
  readonly id: string
  readonly method: Method
  readonly issuedAt: Instant
  readonly expiresAt: Instant
  /**
   * The key of the session that passed, as it was then. A logout that still knows the session by it ends the grant,
   * although the session has had another id and another key since.
   */
  readonly sessionKey?: string | undefined
  /** What this session had passed before by other methods, at most 3: a later pass takes nothing away. */
  readonly earlier?: readonly EarlierPass[] | undefined
}

/** An earlier pass of the session that holds a grant. */
export type EarlierPass = Pick<Grant, 'method' | 'issuedAt' | 'expiresAt'>

/** What one factor keeps in the row: JSON that only this factor reads, and that everything else passes on as it is. */
export interface FactorPart {
  /** True where the person has enrolled something here. A row that holds one is kept until it is removed. */
  readonly held?: boolean | undefined
  /** Names the secret under which something here is sealed, so that operators see when it may go. */
  readonly sealedBy?: string | undefined
}

/** The one row of a user. Every field is replaced together, guarded by `version`. */
export interface SubjectState {
  /** The user's id as a string. */
  readonly subject: string
  /** Rises with each write, and begins at a random number so that none is reused after a delete. */
  readonly version: number
  /** Failures in a row, over all factors. */
  readonly failures: number
  readonly lock: Lock
  /** Rises when a factor changes and when everything is revoked. What names an earlier epoch is void. */
  readonly epoch: number
  /** Newest last, at most 20. */
  readonly grants: readonly Grant[]
  /** What each factor keeps, by its kind. */
  readonly factors: Readonly<Record<string, FactorPart>>
  /** The instant from which the row limits nobody any more; `null` while it has to stay. */
  readonly keepUntil: Instant | null
  readonly updatedAt: Instant
}

/** The decision of a pure rule: the state to write (the same object where nothing changes), and its outcome. */
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
 * The row with another part for one factor.
 *
 * @example
 * return { state: withPart(row, 'word', { held: true, word }), outcome: null }
 */
export function withPart(state: SubjectState, kind: string, part: FactorPart): SubjectState {
  return { ...state, factors: { ...state.factors, [kind]: part } }
}

/** Clocks of two processes may differ by this much; anything made further ahead is rejected. */
export const clockSkewSeconds = 30

/** A clock is hardly ever further off than this without having leapt: what it has made is not over, but not judged. */
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
 * Whether an instant is not in the future, allowing for clock skew: the clock may have leapt ahead and back.
 *
 * @example
 * if (!hasHappened(part.usedAt, now)) return refusal('code_expired')
 */
export function hasHappened(instant: Instant, now: Instant): boolean {
  return instant <= after(now, clockSkewSeconds)
}
