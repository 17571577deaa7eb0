/** Where a session stands, as `GET {mount}/` tells it and as the pages show it. */

import { isLive } from '../core/challenge.js'
import { isFresh } from '../core/grant.js'
import { isLocked, lockRefusal } from '../core/lock.js'
import { isRefusal } from '../core/refusal.js'
import { newSubject, type Method } from '../core/state.js'
import { challengeView, passedView, type ChallengeView } from '../core/view.js'
import { readState } from '../flows/transition.js'
import type { HttpContext } from './context.js'
import type { Page } from './page.js'
import { sentenceOf } from './problem.js'
import type { Standing } from './standing.js'

/** Changing a confirmed number needs a second factor passed within this time (OWASP ASVS 5, 7.5.1). */
export const phoneChangeSeconds = 300

/** The public status of a session. */
export interface Status {
  readonly authenticated: true
  readonly passed: boolean
  readonly required: boolean
  readonly method: Method | null
  readonly passedAt: Date | null
  readonly expiresAt: Date | null
  /** The methods that this user can pass by. */
  readonly methods: readonly Method[]
  /** The challenge that this session asked for, while it runs. */
  readonly challenge: ChallengeView | null
  readonly locked: boolean
  /** When the lock ends; `null` where there is none, and at the hard stop. */
  readonly lockedUntil: Date | null
}

/** A status, and the page that shows it. */
export interface StatusAndPage {
  readonly status: Status
  readonly page: Page
}

/** Reads the user's row and tells where this session stands. */
export async function statusOfSession(
  context: HttpContext,
  standing: Standing,
): Promise<StatusAndPage> {
  const { user, subject, record, grant } = standing
  const { clock, policy } = context.flow
  const [stored, destination, required] = await Promise.all([
    readState(context.flow, subject),
    context.users.destination(user),
    context.users.isRequired(user),
  ])
  const now = clock()
  const row = stored ?? newSubject(subject, 0, now)
  const own = row.challenge?.id === record.challengeId ? row.challenge : null
  const challenge =
    own !== null && isLive(own, now, policy) ? challengeView(row, now, policy) : null
  const passed = grant === null ? null : passedView(grant)
  const hasNumber = destination.status === 'found'
  const status: Status = {
    authenticated: true,
    passed: passed !== null,
    required,
    method: passed?.method ?? null,
    passedAt: passed?.passedAt ?? null,
    expiresAt: passed?.expiresAt ?? null,
    methods: hasNumber ? ['sms'] : [],
    challenge,
    locked: isLocked(row, now),
    lockedUntil: isLocked(row, now) && row.lock.until !== null ? new Date(row.lock.until) : null,
  }
  const missing = isRefusal(destination) && destination.code === 'destination_missing'
  const confirmed = hasNumber
    ? destination.confirmed
    : !missing && (await context.users.hasConfirmedPhone(user))
  const fresh = grant !== null && isFresh(grant, now, phoneChangeSeconds)
  const lock = lockRefusal(row, now)
  const mayChangePhone = context.users.keepsPhones && (!confirmed || fresh)
  const page: Page = {
    name: hasNumber || challenge !== null || !mayChangePhone ? 'challenge' : 'phone',
    challenge: challenge ?? undefined,
    confirmsPhone: own?.purpose === 'phone-verification',
    passed: status.passed,
    mayChangePhone,
    returnTo: record.returnTo ?? context.defaultReturnTo,
    ...(lock === null ? {} : { message: sentenceOf(lock), code: lock.code }),
  }
  return { status, page }
}
