/** Decides on a row whether a code may be sent, which one, where to and by which channel. */

import { lockRefusal } from '../../core/ledger.js'
import { newId } from '../../core/random.js'
import { isRefusal, refusal, type Refusal } from '../../core/refusal.js'
import type { Instant, Purpose, SubjectState } from '../../core/state.js'
import type { PhoneContext } from './context.js'
import type { PhoneClass } from './ports/send-guard.js'
import { isUnexpired, issue, type NewChallenge } from './rules/challenge.js'
import { deriveCode, type CodeBinding } from './rules/code.js'
import { challengeOf, kind, readPart, type Challenge, type Channel, partOf } from './rules/part.js'
import { challengeFacts } from './rules/view.js'

/** A code to send. */
export interface SendRequest {
  readonly subject: string
  readonly purpose: Purpose
  /** Whether the asker wants a code to sign in by, even while the session's own enrolment of a phone runs. */
  readonly signsIn?: boolean | undefined
  /** E.164, or why there is none. */
  readonly destination: string | Refusal
  /**
   * Whether `destination` is known to be the user's. One that is being enrolled never is.
   *
   * @default true
   */
  readonly isVerified?: boolean | undefined
  /**
   * How sure it is whose phone `destination` is.
   *
   * @default 'new'
   */
  readonly phoneClass?: PhoneClass | undefined
  /** Where none is requested, the session's running code goes on by its own, and a new one by the default. */
  readonly channel?: Channel | undefined
  /**
   * The channels that messages to this user may take. None, and nothing is sent.
   *
   * @default all that are configured
   */
  readonly allowed?: readonly Channel[] | undefined
  readonly locale: string | null
  /** The address the request came from, for a vendor that watches for fraud. */
  readonly clientIp?: string | undefined
  /** The key of the asking session: only a challenge of its own is sent again. `undefined`: whichever runs. */
  readonly sessionKey: string | null | undefined
}

type Context = PhoneContext<never>

/** Counts one send, and continues the asker's challenge or makes a new one; or says why nothing is sent. */
export function issueChallenge(
  context: Context,
  request: SendRequest,
  row: SubjectState,
  now: Instant,
): ReturnType<typeof issue> {
  const { policy, delivery } = context
  const own = challengeOf(row, request.sessionKey)
  const { purpose, destination } = targetOf(context, row, now, request)
  if (typeof destination !== 'string') {
    return { state: row, outcome: lockRefusal(row, now) ?? destination }
  }
  // The person wants no codes, or holds another factor while nobody has proved the phone: that one is asked for.
  const isUnproved = request.isVerified === false && context.isOtherHeld(row, kind)
  if (purpose === 'sign-in' && (partOf(row).isOff === true || isUnproved)) {
    return { state: row, outcome: refusal('factor_not_enrolled') }
  }
  const channel = channelOf(context, own, request)
  if (channel === undefined) {
    return { state: row, outcome: lockRefusal(row, now) ?? refusal('destination_blocked') }
  }
  const sessionKey = request.sessionKey ?? null
  const fresh = newChallenge(context, row, { sessionKey, channel, purpose, destination })
  const mayResend = own !== null && delivery.canResend(request.subject, own)
  const issued = issue(row, now, policy, mayResend ? own : null, fresh)
  const { state, outcome } = issued
  const isTooSoon =
    isRefusal(outcome) && (outcome.code === 'cooldown' || outcome.code === 'send_limit')
  if (!isTooSoon) return issued
  return { state, outcome: { ...outcome, ...(mayResend ? challengeFacts(row, now, context) : {}) } }
}

/**
 * The purpose and the phone of a code. While the session's own enrolment of a phone runs, asking again means
 * that phone: a person who gave it may have no other.
 */
function targetOf(
  { policy }: Context,
  row: SubjectState,
  now: Instant,
  request: SendRequest,
): Pick<SendRequest, 'purpose' | 'destination'> {
  const isAnySession = request.sessionKey === undefined
  const challenge = isAnySession || request.signsIn ? null : challengeOf(row, request.sessionKey)
  if (challenge?.purpose !== 'enrolment') return request
  // One that is over must not draw later codes to a phone that was perhaps mistyped.
  const isOver = !isUnexpired(challenge, now, policy) && typeof request.destination === 'string'
  return request.purpose === 'sign-in' && !isOver ? challenge : request
}

/**
 * The channel of a message: the one that is asked for; else that of the session's running code, which travels as
 * it did before; else the first. `undefined` where the user may be sent nothing.
 */
function channelOf(
  { delivery }: Context,
  own: Challenge | null,
  { channel, allowed = delivery.channels }: SendRequest,
): Channel | undefined {
  if (channel !== undefined) return channel
  const usable = delivery.channels.filter((each) => allowed.includes(each))
  return usable.find((each) => each === own?.channel) ?? usable[0]
}

/** Draws a challenge, and draws again while it would have the code that the user has just had. */
function newChallenge(
  { ring, codeLength, delivery }: Context,
  row: SubjectState,
  parts: Omit<NewChallenge, 'id' | 'code'>,
): NewChallenge {
  const draw = (): NewChallenge => ({ id: newId(), code: delivery.newCode, ...parts })
  const codeOf = (drawn: CodeBinding) => deriveCode(ring, row.subject, drawn, codeLength)
  const last = readPart(row.factors[kind]).challenge
  const previous = last === null ? null : codeOf(last)
  let fresh = draw()
  while (previous !== null && codeOf(fresh) === previous) fresh = draw()
  return fresh
}
