/** Decides on a row whether a code may be sent, which one, where to and by which channel. */

import { lockRefusal } from '../../core/ledger.js'
import { newId } from '../../core/random.js'
import { isRefusal, refusal, type Refusal } from '../../core/refusal.js'
import type { Instant, Purpose, SubjectState } from '../../core/state.js'
import type { PhoneContext } from './context.js'
import { isUnexpired, issue, type NewChallenge } from './rules/challenge.js'
import { deriveCode, type CodeBinding } from './rules/code.js'
import { kind, partOf, readPart, type Channel } from './rules/part.js'
import { ownChallenge } from './rules/view.js'

/** A code to send. */
export interface SendRequest {
  readonly subject: string
  readonly purpose: Purpose
  /** E.164, or why there is none. */
  readonly destination: string | Refusal
  /**
   * Whether `destination` is known to be the user's. One that is being enrolled never is.
   *
   * @default true
   */
  readonly isVerified?: boolean | undefined
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
  /** The challenge the asking session holds: only it is sent again. `undefined`: whichever runs. */
  readonly ownId: string | null | undefined
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
  const { challenge } = partOf(row)
  const ownId = request.ownId === undefined ? (challenge?.id ?? null) : request.ownId
  const { purpose, destination } = targetOf(context, row, now, request)
  if (typeof destination !== 'string') {
    return { state: row, outcome: lockRefusal(row, now) ?? destination }
  }
  const mayResend = challenge !== null && delivery.canResend(request.subject, challenge)
  const channel = channelOf(context, row, ownId, request)
  if (channel === undefined) {
    return { state: row, outcome: lockRefusal(row, now) ?? refusal('destination_blocked') }
  }
  const fresh = newChallenge(context, row, channel, purpose, destination)
  const heldId = mayResend ? ownId : null
  const issued = issue(row, now, policy, heldId, fresh)
  const { state, outcome } = issued
  const isTooSoon =
    isRefusal(outcome) && (outcome.code === 'cooldown' || outcome.code === 'send_limit')
  if (!isTooSoon) return issued
  return { state, outcome: { ...outcome, ...ownChallenge(row, now, context, heldId) } }
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
  const { challenge } = partOf(row)
  if (challenge?.id !== request.ownId || challenge?.purpose !== 'enrolment') return request
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
  row: SubjectState,
  ownId: string | null,
  { channel, allowed = delivery.channels }: SendRequest,
): Channel | undefined {
  if (channel !== undefined) return channel
  const usable = delivery.channels.filter((each) => allowed.includes(each))
  const { challenge } = partOf(row)
  const own = challenge !== null && challenge.id === ownId ? challenge.channel : undefined
  return usable.find((each) => each === own) ?? usable[0]
}

/** Draws a challenge, and draws again while it would have the code that the user has just had. */
function newChallenge(
  { ring, codeLength, delivery }: Context,
  row: SubjectState,
  channel: Channel,
  purpose: Purpose,
  destination: string,
): NewChallenge {
  const draw = (): NewChallenge => {
    return { id: newId(), code: delivery.newCode, purpose, channel, destination }
  }
  const codeOf = (drawn: CodeBinding) => deriveCode(ring, row.subject, drawn, codeLength)
  const last = readPart(row.factors[kind]).challenge
  const previous = last === null ? null : codeOf(last)
  let fresh = draw()
  while (previous !== null && codeOf(fresh) === previous) fresh = draw()
  return fresh
}
