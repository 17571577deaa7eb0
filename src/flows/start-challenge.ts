/** Sends a code: the first of a challenge, or the running one's again. */

import { issue, ownView, takeBack, type Issued, type NewChallenge } from '../core/challenge.js'
import { newId, type CodeBinding } from '../core/code.js'
import { lockRefusal } from '../core/lock.js'
import { maskPhone } from '../core/phone.js'
import { isRefusal, refuse, refuseUntil, retryFacts, type Refusal } from '../core/refusal.js'
import { nextSendAt } from '../core/sending.js'
import { Sensitive } from '../core/sensitive.js'
import { after, type Challenge, type Purpose, type SubjectState } from '../core/state.js'
import { challengeView, type ChallengeView } from '../core/view.js'
import type { SendResult } from '../ports/code-sender.js'
import { emit, type FlowContext } from './context.js'
import { withDeadline } from './deadline.js'
import { transition } from './transition.js'

/** A sender has its own, shorter deadline; this one is for a sender that forgot to. */
const sendTimeoutSeconds = 15

/** What a vendor that names no time is given before the next try. */
const unavailableRetrySeconds = 30

export interface StartRequest {
  readonly subject: string
  readonly purpose: Purpose
  /** E.164, or why there is none. */
  readonly destination: string | Refusal
  readonly locale: string | null
  /** The challenge the asking session holds: only it is sent again. */
  readonly ownId: string | null
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
  const { subject, ownId } = request
  const { state, outcome } = await transition(context, subject, (row, now) => {
    const { purpose, destination } = targetOf(row, request)
    if (typeof destination !== 'string') {
      return { state: row, outcome: lockRefusal(row, now) ?? destination }
    }
    const fresh = newChallenge(context, row, purpose, destination)
    return issue(row, now, context.policy, isDerivable(context, row) ? ownId : null, fresh)
  })
  if (isRefusal(outcome)) {
    emit(context, {
      type: 'start_refused',
      subject,
      purpose: request.purpose,
      code: outcome.code,
    })
    return { challengeId: null, answer: outcome }
  }
  const { challenge, resent } = outcome
  const { channel, purpose } = challenge
  const result = await send(context, challenge, subject, request.locale)
  const masked = maskPhone(challenge.destination)
  if (result.status === 'sent') {
    const reference = result.reference ?? null
    const sent = { type: 'challenge_sent', subject, purpose, channel, resent } as const
    emit(context, { ...sent, destination: masked, reference })
    return { challengeId: challenge.id, answer: viewOf(context, state) }
  }
  const failed = { type: 'delivery_failed', subject, purpose, channel } as const
  const reason = result.reason ?? 'no answer'
  emit(context, { ...failed, destination: masked, outcome: result.status, reason })
  if (result.status === 'maybe_sent') {
    const now = context.clock()
    const facts = {
      ...retryFacts(nextSendAt(state.sends, now, context.policy), now),
      ...ownView(state, now, context.policy, challenge.id),
    }
    return { challengeId: challenge.id, answer: refuse('delivery_failed', facts) }
  }
  return undo(context, subject, outcome, result)
}

/** Takes a send back that certainly reached nobody, and says why it did not. */
async function undo(
  context: FlowContext,
  subject: string,
  issued: Issued,
  result: Exclude<SendResult, { status: 'sent' | 'maybe_sent' }>,
): Promise<StartAnswer> {
  const { state } = await transition(context, subject, (row, now) =>
    takeBack(row, now, context.policy, issued),
  )
  const challengeId = issued.resent ? issued.challenge.id : null
  const now = context.clock()
  if (result.status === 'operator_fault') {
    return { challengeId, answer: refuse('service_misconfigured') }
  }
  if (result.reason === 'destination_invalid' || result.reason === 'destination_blocked') {
    return { challengeId, answer: refuse(result.reason) }
  }
  const wait = after(now, result.retryAfterSeconds ?? unavailableRetrySeconds)
  const retryAt = Math.max(wait, nextSendAt(state.sends, now, context.policy) ?? 0)
  const code = result.reason === 'send_limit' ? 'send_limit' : 'delivery_unavailable'
  return { challengeId, answer: refuseUntil(code, retryAt, now) }
}

/**
 * What a session asks a code for. While its own confirmation of a number runs, asking again means
 * that number: a person who gave it may have no other.
 */
function targetOf(
  row: SubjectState,
  request: StartRequest,
): Pick<StartRequest, 'purpose' | 'destination'> {
  const { challenge } = row
  const confirms = challenge !== null && challenge.purpose === 'phone-verification'
  return request.purpose === 'sign-in' && confirms && challenge.id === request.ownId
    ? challenge
    : request
}

/** Whether the running code can be sent again; one whose secret has left the ring gives way to a new one. */
function isDerivable({ keys, policy }: FlowContext, { subject, challenge }: SubjectState): boolean {
  if (!challenge?.keyId) return true
  return keys.derive(subject, challenge, policy.digits) !== null
}

/** Draws a challenge; one whose code the user has just had is drawn again. */
function newChallenge(
  context: FlowContext,
  row: SubjectState,
  purpose: Purpose,
  destination: string,
): NewChallenge {
  const { keys, policy, sender } = context
  const keyId = keys.issuingKeyId
  const { channel } = sender
  const draw = (): NewChallenge => {
    return { id: newId(), keyId, purpose, method: 'sms', channel, destination }
  }
  const codeOf = (drawn: CodeBinding) => keys.derive(row.subject, drawn, policy.digits)
  const previous = row.challenge === null ? null : codeOf(row.challenge)
  let fresh = draw()
  while (codeOf(fresh) === previous) fresh = draw()
  return fresh
}

/** Hands the message over. Whatever a sender throws or forgets to answer may have been sent. */
async function send(
  context: FlowContext,
  challenge: Challenge,
  subject: string,
  locale: string | null,
): Promise<SendResult> {
  const code = context.keys.derive(subject, challenge, context.policy.digits)
  // The key that made a running challenge has left the ring: its code cannot be sent again.
  if (code === null) return { status: 'operator_fault', reason: 'secret no longer configured' }
  const validForSeconds = Math.max(1, Math.floor((challenge.expiresAt - context.clock()) / 1000))
  const text = composed(context, code, validForSeconds, locale)
  if (text === null) return { status: 'operator_fault', reason: 'message.template threw' }
  try {
    const answer: unknown = await withDeadline(
      context.sender.send({
        to: challenge.destination,
        code: new Sensitive(code),
        text,
        expiresAt: new Date(challenge.expiresAt),
        validForSeconds,
        locale,
      }),
      sendTimeoutSeconds,
      () => new Error('late'),
    )
    if (isSendResult(answer)) return answer
    return { status: 'maybe_sent', reason: 'the sender answered nothing it may answer' }
  } catch {
    return { status: 'maybe_sent', reason: 'the sender threw or did not answer' }
  }
}

/** The message's text, or `null` where the application's template fails; its error may hold the code. */
function composed(
  context: FlowContext,
  ...parts: Parameters<FlowContext['compose']>
): Sensitive | null {
  try {
    return context.compose(...parts)
  } catch {
    return null
  }
}

const sendStatuses: readonly unknown[] = ['sent', 'maybe_sent', 'rejected', 'operator_fault']

/** A sender in JavaScript may forget to answer; that must not undo a message that went out. */
function isSendResult(answer: unknown): answer is SendResult {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'status' in answer &&
    sendStatuses.includes(answer.status)
  )
}

function viewOf(context: FlowContext, state: SubjectState): ChallengeView | Refusal {
  return challengeView(state, context.clock(), context.policy) ?? refuse('no_challenge')
}
