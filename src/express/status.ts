/** Where a session stands, as `GET {mount}/` tells it and as the pages show it. */

import { isLive } from '../core/challenge.js'
import { isFresh } from '../core/grant.js'
import { isLocked, lockRefusal } from '../core/lock.js'
import { maskPhone } from '../core/mask.js'
import { isRefusal, refuse, type Refusal } from '../core/refusal.js'
import { nextSendAt } from '../core/sending.js'
import { newSubject, type Method } from '../core/state.js'
import { challengeView, passedView, secondsUntil, type ChallengeView } from '../core/view.js'
import { readState } from '../flows/transition.js'
import type { Destination } from '../flows/users.js'
import type { ChallengePage, PhonePage } from '../pages/page.js'
import type { HttpContext } from './context.js'
import type { Standing } from './standing.js'

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

/** A status, the page that shows it, and what is in the person's way. */
export interface StatusAndPage {
  readonly status: Status
  readonly page: ChallengePage | PhonePage
  readonly refusal: Refusal | null
}

/** Reads the user's row and tells where this session stands. */
export async function statusOfSession(
  context: HttpContext,
  standing: Standing,
): Promise<StatusAndPage> {
  const { user, subject, record, grant } = standing
  const { clock, policy } = context.flow
  const [stored, destination, required, channels] = await Promise.all([
    readState(context.flow, subject),
    context.users.destination(user),
    context.users.isRequired(user),
    context.users.channels(user, context.flow.delivery.channels),
  ])
  const now = clock()
  const row = stored ?? newSubject(subject, 0, now)
  const own = row.challenge?.id === record.challengeId ? row.challenge : null
  const isRunning = own !== null && isLive(own, now, policy)
  const challenge = isRunning ? challengeView(row, now, policy) : null
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
  const offersPhone =
    context.users.keepsPhones &&
    (grant !== null || !(await isNumberConfirmed(context, user, destination)))
  const isRecent =
    grant !== null &&
    (record.maxAgeSeconds === undefined || isFresh(grant, now, record.maxAgeSeconds))
  const page: ChallengePage = {
    name: 'challenge',
    challenge,
    confirmsPhone: own?.purpose === 'phone-verification',
    sentAgain: challenge !== null && own !== null && own.sends > 1,
    passed: isRecent,
    sendInSeconds: secondsUntil(nextSendAt(row.sends, now, policy) ?? now, now),
    channels: channels.length > 1 ? channels : [],
    offersPhone,
    returnTo: record.returnTo ?? context.defaultReturnTo,
  }
  const isStale = grant !== null && !isRecent && challenge === null
  const refusal =
    lockRefusal(row, now) ??
    (own !== null && !isRunning ? refuse('code_expired') : null) ??
    (challenge?.attemptsLeft === 0 ? refuse('attempts_exhausted') : null) ??
    (isStale ? refuse('second_factor_stale') : null)
  const needsNumber = !hasNumber && challenge === null && offersPhone
  return { status, page: needsNumber ? phonePage(context, destination) : page, refusal }
}

/** The page that asks for a number; `destination` is the one of now. */
export function phonePage(
  { examplePhone, flow }: HttpContext,
  destination: Destination | Refusal,
  typed = '',
): PhonePage {
  const found = destination.status === 'found' ? destination : null
  const number = found === null ? null : maskPhone(found.number)
  const tellsNumber = flow.delivery.canNotify && found?.confirmed === true
  return { name: 'phone', number, tellsNumber, example: examplePhone, typed }
}

/** A number that messages cannot go to may be confirmed all the same. */
async function isNumberConfirmed(
  { users }: HttpContext,
  user: Express.User,
  destination: Destination | Refusal,
): Promise<boolean> {
  if (!isRefusal(destination)) return destination.confirmed
  return destination.code !== 'destination_missing' && (await users.hasConfirmedPhone(user))
}
