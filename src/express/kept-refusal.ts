/** The reason of a refused form, as a session keeps it until a page has shown it. */

import { maxTypedLength } from '../core/fields.js'
import { refusal, refusalUntil, type Refusal, type RefusalCode } from '../core/refusal.js'
import type { Instant } from '../core/state.js'
import type { RefusedForm } from '../ports/factor-route.js'

/** The page that shows how the session stands, below the router's path. */
export const statusPage = '/'

/** A refusal that one page shows once. */
export interface KeptRefusal {
  readonly code: RefusalCode
  /** The path of that page, below the router's path. */
  readonly page: string
  readonly attemptsLeft?: number | undefined
  readonly retryAt?: Instant | undefined
  /** What was typed, for a field of that page. */
  readonly typed?: string | undefined
}

/** Refusals that stay true after their wait; all others expire with it. */
const outlivesItsWait: ReadonlySet<string> = new Set(['delivery_failed'])

/** What a session keeps of a refusal. */
export function keptRefusal(
  { code, attemptsLeft, retryAt }: Refusal,
  { page, typed }: RefusedForm,
): KeptRefusal {
  return { code, page, attemptsLeft, retryAt: retryAt?.getTime(), typed }
}

/** A kept refusal as it may be shown now; `null` where its wait is over. */
export function refusalNow(
  { code, attemptsLeft, retryAt }: KeptRefusal,
  now: Instant,
): Refusal | null {
  const facts = attemptsLeft === undefined ? {} : { attemptsLeft }
  if (retryAt !== undefined && now < retryAt) return refusalUntil(code, retryAt, now, facts)
  return retryAt === undefined || outlivesItsWait.has(code) ? refusal(code, facts) : null
}

/** A kept refusal as a session has it, or `undefined` for anything else: a client may have written there. */
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
