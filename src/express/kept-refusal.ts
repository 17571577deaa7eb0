/** The refusal of a form, kept in the session until a page has shown it. */

import { maxTypedLength } from '../core/fields.js'
import { refusal, refusalUntil, type Refusal, type RefusalCode } from '../core/refusal.js'
import type { Instant } from '../core/state.js'
import type { RefusedForm } from '../ports/factor-route.js'

/** The status page, below the router's path. */
export const statusPage = '/'

/** A refusal that is shown once, on one page. */
export interface KeptRefusal {
  readonly code: RefusalCode
  /** The path of that page, below the router's path. */
  readonly page: string
  readonly attemptsLeft?: number | undefined
  readonly retryAt?: Instant | undefined
  /** The text typed into a field of that page. */
  readonly typed?: string | undefined
}

/** Refusals that still apply after their wait; all others expire with it. */
const outlivesItsWait: ReadonlySet<string> = new Set(['delivery_failed'])

/** The part of a refusal that a session keeps. */
export function keptRefusal(
  { code, attemptsLeft, retryAt }: Refusal,
  { page, typed }: RefusedForm,
): KeptRefusal {
  return { code, page, attemptsLeft, retryAt: retryAt?.getTime(), typed }
}

/** A kept refusal as it reads now; `null` if its wait is over. */
export function refusalNow(
  { code, attemptsLeft, retryAt }: KeptRefusal,
  now: Instant,
): Refusal | null {
  const facts = attemptsLeft === undefined ? {} : { attemptsLeft }
  if (retryAt !== undefined && now < retryAt) return refusalUntil(code, retryAt, now, facts)
  return retryAt === undefined || outlivesItsWait.has(code) ? refusal(code, facts) : null
}

/**
 * Reads a kept refusal from the session. Anything malformed is `undefined`, because clients may be able to write there.
 */
export function readKeptRefusal(stored: unknown): KeptRefusal | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined
  const { code, page, attemptsLeft, retryAt, typed } = stored as Record<string, unknown>
  const isWhole =
    typeof code === 'string' &&
    /^[a-z_]{1,64}$/.test(code) &&
    typeof page === 'string' &&
    isAbsentOr(attemptsLeft, Number.isInteger) &&
    isAbsentOr(retryAt, (at) => typeof at === 'number' && Math.abs(at) <= 8.64e15) &&
    isAbsentOr(typed, (text) => typeof text === 'string' && text.length <= maxTypedLength)
  return isWhole ? (stored as KeptRefusal) : undefined
}

function isAbsentOr(value: unknown, isRight: (value: unknown) => boolean): boolean {
  return value === undefined || isRight(value)
}
