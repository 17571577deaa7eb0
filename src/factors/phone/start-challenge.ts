/** Sends a code: the first of a challenge, or the running one's again. */

import { lockRefusal } from '../../core/ledger.js'
import { newId } from '../../core/random.js'
import { isRefusal, refusal, refusalUntil, type Refusal } from '../../core/refusal.js'
import { after, withPart, type Instant, type Purpose, type SubjectState } from '../../core/state.js'
import type { StartAnswer } from '../../ports/factor.js'
import type { PhoneContext } from './context.js'
import { cancelAtVendor, handOver } from './delivery.js'
import { maskPhone } from './mask.js'
import type { SendResult } from './ports/code-sender.js'
import {
  abandon,
  isUnexpired,
  issue,
  undoSend,
  type Issued,
  type NewChallenge,
} from './rules/challenge.js'
import { deriveCode, type CodeBinding } from './rules/code.js'
import { kind, partOf, readPart, type Channel } from './rules/part.js'
import { attachReceipt, attachRef } from './rules/receipt.js'
import { nextSendAt } from './rules/send-ledger.js'
import { challengeView, ownChallenge, resendFacts } from './rules/view.js'
import { vendorWaitSeconds } from './vendor-wait.js'

/** A code to send. */
export interface SendRequest {
  readonly subject: string
  readonly purpose: Purpose
  /** E.164, or why there is none. */
  readonly destination: string | Refusal
  /** Where none is requested, the session's running code goes on by its own, and a new one by the default. */
  readonly channel?: Channel | undefined
  readonly locale: string | null
  /** The address the request came from, for a vendor that watches for fraud. */
  readonly clientIp?: string | undefined
  /** The challenge the asking session holds: only it is sent again. `undefined`: whichever runs. */
  readonly ownId: string | null | undefined
}

type Context = PhoneContext<never>

/**
 * Counts the send, then sends. A message that may have gone out keeps its code alive; one that
 * certainly did not is undone.
 */
export async function startChallenge(context: Context, request: SendRequest): Promise<StartAnswer> {
  const { subject, purpose } = request
  const { state, outcome } = await context.transition(subject, (row, now) =>
    issueFor(context, request, row, now),
  )
  if (isRefusal(outcome)) {
    context.emit({ type: 'start_refused', subject, purpose, code: outcome.code })
    return { challengeId: null, answer: outcome }
  }
  const result = await send(context, request, outcome)
  if (result.status === 'sent') return sent(context, subject, outcome, state, result.reference)
  if (result.status === 'maybe_sent') return maybeSent(context, subject, outcome, state)
  return undo(context, subject, outcome, result)
}

function issueFor(
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
  const channel = request.channel ?? ownChannel(context, row, ownId)
  const fresh = newChallenge(context, row, channel, purpose, destination)
  const heldId = mayResend ? ownId : null
  const issued = issue(row, now, policy, heldId, fresh)
  const { outcome } = issued
  const isTooSoon =
    isRefusal(outcome) && (outcome.code === 'cooldown' || outcome.code === 'send_limit')
  if (!isTooSoon) return issued
  return { state: row, outcome: { ...outcome, ...ownChallenge(row, now, context, heldId) } }
}

/** Hands the code over, and emits the event of it. */
async function send(
  context: Context,
  { subject, locale, clientIp }: SendRequest,
  { challenge, resent, before }: Issued,
): Promise<SendResult> {
  // A vendor that still holds the old challenge would send the old code once more.
  const replaced = resent ? null : before.challenge
  if (replaced !== null) await cancelAtVendor(context, replaced)
  const now = context.clock()
  const result = await handOver(context, () =>
    context.delivery.deliver(challenge, {
      ...{ subject, locale, now },
      clientIp: clientIp ?? null,
    }),
  )
  const { purpose, channel } = challenge
  const about = { subject, purpose, channel, destination: maskPhone(challenge.destination) }
  if (result.status === 'sent') {
    context.emit({
      ...{ type: 'challenge_sent', ...about, resent },
      reference: result.reference ?? null,
    })
  } else {
    const reason = result.reason ?? 'no answer'
    context.emit({ type: 'delivery_failed', ...about, outcome: result.status, reason })
  }
  return result
}

async function sent(
  context: Context,
  subject: string,
  { challenge }: Issued,
  state: SubjectState,
  reference: string | undefined,
): Promise<StartAnswer> {
  let row = state
  if (reference !== undefined && challenge.code.owner === 'hosted') {
    await context.transition(subject, (stored) => attachRef(stored, challenge.id, reference))
  } else if (reference !== undefined && context.keepsReceipts) {
    row = await keepReference(context, subject, challenge.id, reference, state)
  }
  const view = challengeView(row, context.clock(), context)
  return { challengeId: challenge.id, answer: view ?? refusal('no_challenge') }
}

/** Keeps the message's id for the vendor's reports. Without it the code is as good, so no fault ends a start. */
async function keepReference(
  context: Context,
  subject: string,
  challengeId: string,
  reference: string,
  state: SubjectState,
): Promise<SubjectState> {
  try {
    const kept = await context.transition(subject, (row) =>
      attachReceipt(row, challengeId, reference),
    )
    return partOf(kept.state).challenge?.id === challengeId ? kept.state : state
  } catch {
    return state
  }
}

/** The code may arrive, so it keeps its life; but a vendor's code of unknown id could never be judged. */
async function maybeSent(
  context: Context,
  subject: string,
  { challenge }: Issued,
  state: SubjectState,
): Promise<StartAnswer> {
  const now = context.clock()
  const retry = resendFacts(state, now, context.policy)
  if (challenge.code.owner === 'hosted' && challenge.code.ref === null) {
    await context.transition(subject, (row) => {
      const part = abandon(row, challenge.id)
      return { state: part === null ? row : withPart(row, kind, part), outcome: null }
    })
    return { challengeId: null, answer: refusal('delivery_failed', retry) }
  }
  const facts = { ...retry, ...ownChallenge(state, now, context, challenge.id) }
  return { challengeId: challenge.id, answer: refusal('delivery_failed', facts) }
}

/** Undoes a send that certainly reached nobody, and returns the reason. */
async function undo(
  context: Context,
  subject: string,
  issued: Issued,
  result: Exclude<SendResult, { status: 'sent' | 'maybe_sent' }>,
): Promise<StartAnswer> {
  const { state } = await context.transition(subject, (row, now) =>
    undoSend(row, now, context.policy, issued),
  )
  const challengeId = issued.resent ? issued.challenge.id : null
  const now = context.clock()
  if (result.status === 'operator_fault') {
    return { challengeId, answer: refusal('service_misconfigured') }
  }
  if (result.reason === 'destination_invalid' || result.reason === 'destination_blocked') {
    return { challengeId, answer: refusal(result.reason) }
  }
  const wait = after(now, vendorWaitSeconds(result.retryAfterSeconds))
  const retryAt = Math.max(wait, nextSendAt(partOf(state).sends, now, context.policy) ?? 0)
  const code = result.reason === 'send_limit' ? 'send_limit' : 'delivery_unavailable'
  return { challengeId, answer: refusalUntil(code, retryAt, now) }
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

/** A code that is asked for again travels as it did before, while there is still a way to. */
function ownChannel(
  { delivery }: Context,
  row: SubjectState,
  ownId: string | null,
): Channel | undefined {
  const { challenge } = partOf(row)
  const channel = challenge !== null && challenge.id === ownId ? challenge.channel : undefined
  return delivery.channels.find((configured) => configured === channel)
}

/** Draws a challenge, and draws again while it would have the code that the user has just had. */
function newChallenge(
  { ring, codeLength, delivery }: Context,
  row: SubjectState,
  requested: Channel | undefined,
  purpose: Purpose,
  destination: string,
): NewChallenge {
  const channel = requested ?? delivery.channels[0] ?? 'sms'
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
