/** Sends a code: the first of a challenge, or the running one's again. */

import { issue, ownView, takeBack, type Issued, type NewChallenge } from '../core/challenge.js'
import { newId, type CodeBinding } from '../core/code.js'
import { maskPhone } from '../core/phone.js'
import { isRefusal, refuse, refuseUntil, retryFacts, type Refusal } from '../core/refusal.js'
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
  /** E.164. */
  readonly destination: string
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
  const { subject, purpose, destination, ownId } = request
  const { state, outcome } = await transition(context, subject, (row, now) =>
    issue(row, now, context.policy, ownId, newChallenge(context, row, request)),
  )
  if (isRefusal(outcome)) {
    emit(context, { type: 'start_refused', subject, purpose, code: outcome.code })
    return { challengeId: null, answer: outcome }
  }
  const { challenge, resent } = outcome
  const { channel } = challenge
  const result = await send(context, challenge, subject, request.locale)
  const masked = maskPhone(destination)
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
    const facts = {
      ...retryFacts(state.sends.nextAt, context.clock()),
      ...ownView(state, context.clock(), context.policy, challenge.id),
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
  const retryAt = Math.max(wait, state.sends.nextAt ?? 0)
  const code = result.reason === 'send_limit' ? 'send_limit' : 'delivery_unavailable'
  return { challengeId, answer: refuseUntil(code, retryAt, now) }
}

/** Draws a challenge; one whose code the user has just had is drawn again. */
function newChallenge(
  context: FlowContext,
  row: SubjectState,
  request: StartRequest,
): NewChallenge {
  const { keys, policy, sender } = context
  const draw = (): NewChallenge => ({
    id: newId(),
    keyId: keys.issuingKeyId,
    purpose: request.purpose,
    method: 'sms',
    channel: sender.channel,
    destination: request.destination,
  })
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
  try {
    return await withDeadline(
      context.sender.send({
        to: challenge.destination,
        code: new Sensitive(code),
        text: context.compose(code, validForSeconds, locale),
        expiresAt: new Date(challenge.expiresAt),
        validForSeconds,
        locale,
      }),
      sendTimeoutSeconds,
      () => new Error('late'),
    )
  } catch {
    return { status: 'maybe_sent', reason: 'the sender threw or did not answer' }
  }
}

function viewOf(context: FlowContext, state: SubjectState): ChallengeView | Refusal {
  return challengeView(state, context.clock(), context.policy) ?? refuse('no_challenge')
}
