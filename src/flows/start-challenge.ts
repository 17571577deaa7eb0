/** Sends a code: the first of a challenge, or the running one's again. */

import {
  abandon,
  isLive,
  issue,
  ownView,
  takeBack,
  type Issued,
  type NewChallenge,
} from '../core/challenge.js'
import { newId, type CodeBinding } from '../core/code.js'
import { attachRef } from '../core/hosted.js'
import { lockRefusal } from '../core/lock.js'
import { maskPhone } from '../core/mask.js'
import { attachReceipt } from '../core/receipt.js'
import { isRefusal, refuse, refuseUntil, retryFacts, type Refusal } from '../core/refusal.js'
import { nextSendAt } from '../core/sending.js'
import {
  after,
  type Channel,
  type Instant,
  type Purpose,
  type SubjectState,
} from '../core/state.js'
import { challengeView, type ChallengeView } from '../core/view.js'
import type { SendResult } from '../ports/code-sender.js'
import { emit, type FlowContext } from './context.js'
import { callOff, handOver } from './delivery.js'
import { transition } from './transition.js'
import { vendorWaitSeconds } from './vendor-wait.js'

export interface StartRequest {
  readonly subject: string
  readonly purpose: Purpose
  /** E.164, or why there is none. */
  readonly destination: string | Refusal
  /** How the code is to travel; where nothing is said, as the session's running one did, or the default. */
  readonly channel?: Channel | undefined
  readonly locale: string | null
  /** The address the request came from, for a vendor that watches for fraud. */
  readonly clientIp?: string | undefined
  /** The challenge the asking session holds: only it is sent again. `undefined`: whichever runs. */
  readonly ownId: string | null | undefined
}

export interface StartAnswer {
  /** The challenge the session holds from now on, or `null` where its own is untouched. */
  readonly challengeId: string | null
  readonly answer: ChallengeView | Refusal
}

/**
 * Counts the send, then sends. A message that may have gone out keeps its code alive; one that
 * certainly did not is taken back.
 */
export async function startChallenge(
  context: FlowContext,
  request: StartRequest,
): Promise<StartAnswer> {
  const { subject } = request
  const { state, outcome } = await transition(context, subject, (row, now) => {
    const { challenge } = row
    const ownId = request.ownId === undefined ? (challenge?.id ?? null) : request.ownId
    const { purpose, destination } = targetOf(context, row, now, request)
    if (typeof destination !== 'string') {
      return { state: row, outcome: lockRefusal(row, now) ?? destination }
    }
    const resendable = challenge !== null && context.delivery.canResend(subject, challenge)
    const fresh = newChallenge(
      context,
      row,
      request.channel ?? ownChannel(context, row, ownId),
      purpose,
      destination,
    )
    return issue(row, now, context.policy, resendable ? ownId : null, fresh)
  })
  if (isRefusal(outcome)) {
    const { purpose } = request
    emit(context, { type: 'start_refused', subject, purpose, code: outcome.code })
    return { challengeId: null, answer: outcome }
  }
  const result = await send(context, request, outcome)
  if (result.status === 'sent') return sent(context, subject, outcome, state, result.reference)
  if (result.status === 'maybe_sent') return maybeSent(context, subject, outcome, state)
  return undo(context, subject, outcome, result)
}

/** Hands the code over and tells the events what became of it. */
async function send(
  context: FlowContext,
  { subject, locale, clientIp }: StartRequest,
  { challenge, resent, before }: Issued,
): Promise<SendResult> {
  const { delivery } = context
  // A vendor that still holds the old challenge would send the old code once more.
  const replaced = resent ? null : before.challenge
  if (replaced !== null) await callOff(delivery, replaced)
  const now = context.clock()
  const result = await handOver(() =>
    delivery.deliver(challenge, {
      ...{ subject, locale, now },
      clientIp: clientIp ?? null,
    }),
  )
  const { purpose, channel } = challenge
  const about = { subject, purpose, channel, destination: maskPhone(challenge.destination) }
  if (result.status === 'sent') {
    emit(context, { type: 'challenge_sent', ...about, resent, reference: result.reference ?? null })
  } else {
    const reason = result.reason ?? 'no answer'
    emit(context, { type: 'delivery_failed', ...about, outcome: result.status, reason })
  }
  return result
}

async function sent(
  context: FlowContext,
  subject: string,
  { challenge }: Issued,
  state: SubjectState,
  reference: string | undefined,
): Promise<StartAnswer> {
  let known = state
  if (reference !== undefined && challenge.keyId === null) {
    await transition(context, subject, (row) => attachRef(row, challenge.id, reference))
  } else if (reference !== undefined && context.keepsReceipts) {
    known = await keepReference(context, subject, challenge.id, reference, state)
  }
  const view = challengeView(known, context.clock(), context.policy)
  return { challengeId: challenge.id, answer: view ?? refuse('no_challenge') }
}

/** Keeps the message's id for the vendor's reports. Without it the code is as good, so that no fault ends a start. */
async function keepReference(
  context: FlowContext,
  subject: string,
  challengeId: string,
  reference: string,
  state: SubjectState,
): Promise<SubjectState> {
  try {
    const kept = await transition(context, subject, (row) =>
      attachReceipt(row, challengeId, reference),
    )
    return kept.state.challenge?.id === challengeId ? kept.state : state
  } catch {
    return state
  }
}

/** The code may arrive, so it keeps its life; but a vendor's code of unknown id could never be judged. */
async function maybeSent(
  context: FlowContext,
  subject: string,
  { challenge }: Issued,
  state: SubjectState,
): Promise<StartAnswer> {
  const now = context.clock()
  const retry = retryFacts(nextSendAt(state.sends, now, context.policy), now)
  if (challenge.keyId === null && challenge.hostedRef === null) {
    await transition(context, subject, (row) => abandon(row, challenge.id))
    return { challengeId: null, answer: refuse('delivery_failed', retry) }
  }
  const facts = { ...retry, ...ownView(state, now, context.policy, challenge.id) }
  return { challengeId: challenge.id, answer: refuse('delivery_failed', facts) }
}

/** Takes a send back that certainly reached nobody, and says why it did not. */
async function undo(
  context: FlowContext,
  subject: string,
  issued: Issued,
  result: Exclude<SendResult, { status: 'sent' | 'maybe_sent' }>,
): Promise<StartAnswer> {
  const { state } = await transition(context, subject, (row, now) => {
    const taken = takeBack(row, now, context.policy, issued)
    return taken.state === row ? taken : { ...taken, state: onEarlierChannel(taken.state, issued) }
  })
  const challengeId = issued.resent ? issued.challenge.id : null
  const now = context.clock()
  if (result.status === 'operator_fault') {
    return { challengeId, answer: refuse('service_misconfigured') }
  }
  if (result.reason === 'destination_invalid' || result.reason === 'destination_blocked') {
    return { challengeId, answer: refuse(result.reason) }
  }
  const wait = after(now, vendorWaitSeconds(result.retryAfterSeconds))
  const retryAt = Math.max(wait, nextSendAt(state.sends, now, context.policy) ?? 0)
  const code = result.reason === 'send_limit' ? 'send_limit' : 'delivery_unavailable'
  return { challengeId, answer: refuseUntil(code, retryAt, now) }
}

/** A resend that went out by no channel leaves the challenge on the one that its code did travel by. */
function onEarlierChannel(state: SubjectState, { before }: Issued): SubjectState {
  const { challenge } = state
  const channel = before.challenge?.channel
  if (challenge === null || channel === undefined) return state
  return { ...state, challenge: { ...challenge, channel } }
}

/**
 * What a session asks a code for. While its own confirmation of a number runs, asking again means
 * that number: a person who gave it may have no other.
 */
function targetOf(
  { policy }: FlowContext,
  row: SubjectState,
  now: Instant,
  request: StartRequest,
): Pick<StartRequest, 'purpose' | 'destination'> {
  const { challenge } = row
  if (challenge?.id !== request.ownId || challenge?.purpose !== 'phone-verification') return request
  // One that is over must not draw later codes to a number that was perhaps mistyped.
  const over = !isLive(challenge, now, policy) && typeof request.destination === 'string'
  return request.purpose === 'sign-in' && !over ? challenge : request
}

/** Asked again, a code travels as it did before, while there is still a way to. */
function ownChannel(
  { delivery }: FlowContext,
  { challenge }: SubjectState,
  ownId: string | null,
): Channel | undefined {
  const channel = challenge !== null && challenge.id === ownId ? challenge.channel : undefined
  return delivery.channels.find((configured) => configured === channel)
}

/** Draws a challenge; one whose code the user has just had is drawn again. */
function newChallenge(
  { keys, policy, delivery }: FlowContext,
  row: SubjectState,
  chosen: Channel | undefined,
  purpose: Purpose,
  destination: string,
): NewChallenge {
  const channel = chosen ?? delivery.channels[0] ?? 'sms'
  const keyId = delivery.issuingKeyId
  const draw = (): NewChallenge => {
    return { id: newId(), keyId, purpose, method: 'sms', channel, destination }
  }
  const codeOf = (drawn: CodeBinding) => keys?.derive(row.subject, drawn, policy.digits) ?? null
  const previous = row.challenge === null ? null : codeOf(row.challenge)
  let fresh = draw()
  while (previous !== null && codeOf(fresh) === previous) fresh = draw()
  return fresh
}
