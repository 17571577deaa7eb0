/** Decides on a user's row if a code may be sent, and picks the code, the phone and the channel. */

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

/** A request to send a code. */
export interface SendRequest {
  readonly subject: string
  readonly purpose: Purpose
  /** True if the code is for signing in even while the session is enrolling a phone. */
  readonly signsIn?: boolean | undefined
  /** E.164, or the refusal if there is no usable phone. */
  readonly destination: string | Refusal
  /**
   * True if `destination` is known to be the user's. A phone that is being enrolled never is.
   *
   * @default true
   */
  readonly isVerified?: boolean | undefined
  /**
   * The degree of certainty that `destination` is the user's phone.
   *
   * @default 'new'
   */
  readonly phoneClass?: PhoneClass | undefined
  /** If none is requested, the session's running code keeps its channel and a new code uses the default. */
  readonly channel?: Channel | undefined
  /**
   * The channels that may carry messages to this user. If empty, nothing is sent.
   *
   * @default all that are configured
   */
  readonly allowed?: readonly Channel[] | undefined
  readonly locale: string | null
  /** The client's address, for the limits and for vendors that watch for fraud. */
  readonly clientIp?: string | undefined
  /**
   * The key of the asking session, which can have only its own challenge sent again. `undefined` means any challenge.
   */
  readonly sessionKey: string | null | undefined
  /** The row, if it was just read. */
  readonly row?: SubjectState | null | undefined
}

type Context = PhoneContext<never>

/** Counts one send, and continues the session's challenge or makes a new one; or refuses. */
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
  // The person has turned codes off, or nobody has proved the phone and the person holds another factor to use
  // instead.
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
 * The purpose and the phone of a code. While the session is enrolling a phone, asking again sends to that phone,
 * because the person may have no other.
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
  // An expired enrolment must not send later codes to a phone that may have been mistyped.
  const isOver = !isUnexpired(challenge, now, policy) && typeof request.destination === 'string'
  return request.purpose === 'sign-in' && !isOver ? challenge : request
}

/**
 * The channel of a message: the requested one; otherwise that of the session's running code; otherwise the first that
 * the user allows. `undefined` if the user allows none.
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

/** Draws a challenge, and draws again if its code would equal the user's previous one. */
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
