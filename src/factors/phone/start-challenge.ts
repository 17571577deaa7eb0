/** Sends a code: a new challenge's, or the running one's again. */

import { isRefusal, refusal, refusalUntil, type Refusal } from '../../core/refusal.js'
import { after, newSubject, withPart, type Instant, type SubjectState } from '../../core/state.js'
import type { StartAnswer } from '../../ports/start.js'
import { admitSend } from './admit-send.js'
import type { PhoneContext } from './context.js'
import { handOver } from './delivery.js'
import { issueChallenge, type SendRequest } from './issue-challenge.js'
import { maskPhone } from './mask.js'
import { originOf } from './phone-number.js'
import type { SendResult } from './ports/code-sender.js'
import { markDoubtful, undoSend, withoutChallenge, type Issued } from './rules/challenge.js'
import { kind, partOf, readPart, type Challenge } from './rules/part.js'
import { attachReceipt, attachRef } from './rules/receipt.js'
import { nextSendAt } from './rules/send-ledger.js'
import { challengeFacts, challengeView, resendFacts } from './rules/view.js'
import { endVerification, joinVerification, keepVerification } from './shared-verification.js'
import { vendorWaitSeconds } from './vendor-wait.js'

export type { SendRequest } from './issue-challenge.js'

type Context = PhoneContext<never>

/**
 * Counts the send, then sends. If the message may have gone out, its code stays valid; if it certainly did not, the
 * send is undone.
 */
export async function startChallenge(context: Context, request: SendRequest): Promise<StartAnswer> {
  const { subject, purpose } = request
  let before = newSubject(subject, 0, 0)
  const issueOn = (row: SubjectState, now: Instant) => {
    before = row
    return issueChallenge(context, request, row, now)
  }
  const { state, outcome } = await context.transition(subject, issueOn, request.row)
  if (isRefusal(outcome)) {
    context.emit({ type: 'start_refused', subject, purpose, code: outcome.code })
    return outcome
  }
  const admission = await admitSend(context, request, outcome)
  if (isRefusal(admission)) return undoRefused(context, outcome, request, admission, state)
  const result = await send(context, request, outcome, before)
  await admission.settle(result)
  if (result.status === 'sent') return sent(context, subject, outcome, state, result.reference)
  if (result.status === 'maybe_sent') return maybeSent(context, subject, outcome, state)
  return undo(context, subject, outcome, result)
}

/** Sends the code, and emits the event. */
async function send(
  context: Context,
  { subject, locale, clientIp, isVerified = true }: SendRequest,
  { challenge, resent }: Issued,
  before: SubjectState,
): Promise<SendResult> {
  const replaced = resent ? null : readPart(before.factors[kind]).challenge
  const isSamePhone = replaced?.destination === challenge.destination
  // A vendor that still holds the old challenge would send the old code again, so it ends first. A challenge to
  // another phone ends only once the new code is out: if the vendor refuses the new phone, the old code still works.
  if (isSamePhone) await endVerification(context, replaced, before)
  await joinVerification(context, challenge)
  const now = context.clock()
  const result = await handOver(context, () =>
    context.delivery.deliver(challenge, {
      ...{ subject, locale, now },
      clientIp: clientIp ?? null,
      isVerified: isVerified && challenge.purpose === 'sign-in',
    }),
  )
  const isOut = result.status === 'sent' || result.status === 'maybe_sent'
  if (isOut && replaced !== null && !isSamePhone) await endVerification(context, replaced, before)
  const { purpose, channel } = challenge
  const { country } = originOf(challenge.destination)
  const destination = maskPhone(challenge.destination)
  const about = { subject, purpose, channel, destination, country }
  if (result.status === 'sent') {
    context.emit({
      ...{ type: 'challenge_sent', ...about, resent },
      reference: result.reference ?? null,
    })
  } else {
    const reason = result.reason ?? 'no answer'
    const { status: outcome } = result
    context.emit({ type: 'delivery_failed', ...about, resent, outcome, reason })
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
    const isKept = await keepRef(context, subject, challenge, reference)
    if (!isKept) return refusal('no_challenge')
  } else if (reference !== undefined && context.keepsReceipts) {
    row = await keepReference(context, subject, challenge.id, reference, state)
  }
  return challengeView(row, context.clock(), context) ?? refusal('no_challenge')
}

/**
 * Stores the vendor's id of the verification. Returns false if the challenge was ended while we waited for the
 * vendor; its verification then ends here, because the next start would not know of it and would send its code again.
 */
async function keepRef(
  context: Context,
  subject: string,
  challenge: Challenge,
  ref: string,
): Promise<boolean> {
  const { state, outcome: running } = await context.transition(subject, (stored) =>
    attachRef(stored, challenge.id, ref),
  )
  if (running?.id === challenge.id) {
    await keepVerification(context, challenge, ref)
    return true
  }
  // A newer challenge to the same phone may wait for the same verification.
  if (running?.destination !== challenge.destination) {
    const started: Challenge = { ...challenge, code: { owner: 'hosted', ref } }
    await endVerification(context, started, state)
  }
  return false
}

/** Stores the message's id for the vendor's reports. The code works without it, so errors are ignored. */
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

/**
 * The code may still arrive, so it stays valid. A vendor's code without an id could never be judged, so its challenge
 * ends.
 */
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
      const part = withoutChallenge(row, challenge.id)
      return { state: part === null ? row : withPart(row, kind, part), outcome: null }
    })
    return refusal('delivery_failed', retry)
  }
  const row = await noteDoubt(context, subject, challenge, state)
  return refusal('delivery_failed', { ...retry, ...challengeFacts(row, now, context) })
}

/** Marks the send as doubtful, so no page claims that the code was sent. The code works without the mark. */
async function noteDoubt(
  context: Context,
  subject: string,
  challenge: Challenge,
  state: SubjectState,
): Promise<SubjectState> {
  try {
    return (await context.transition(subject, (row) => markDoubtful(row, challenge))).state
  } catch {
    return state
  }
}

/** Undoes a send that the limits have refused. */
async function undoRefused(
  context: Context,
  issued: Issued,
  { subject, purpose }: SendRequest,
  refused: Refusal,
  state: SubjectState,
): Promise<Refusal> {
  await context.transition(subject, (row, now) => undoSend(row, now, context.policy, issued), state)
  context.emit({ type: 'start_refused', subject, purpose, code: refused.code })
  return refused
}

/** Undoes a send that certainly reached nobody, and returns the refusal. */
async function undo(
  context: Context,
  subject: string,
  issued: Issued,
  result: Exclude<SendResult, { status: 'sent' | 'maybe_sent' }>,
): Promise<StartAnswer> {
  const { state } = await context.transition(subject, (row, now) =>
    undoSend(row, now, context.policy, issued),
  )
  const now = context.clock()
  if (result.status === 'operator_fault') {
    return refusal('service_misconfigured')
  }
  if (result.reason === 'destination_invalid' || result.reason === 'destination_blocked') {
    return refusal(result.reason)
  }
  const wait = after(now, vendorWaitSeconds(result.retryAfterSeconds))
  const retryAt = Math.max(wait, nextSendAt(partOf(state).sends, now, context.policy) ?? 0)
  const code = result.reason === 'send_limit' ? 'send_limit' : 'delivery_unavailable'
  return refusalUntil(code, retryAt, now)
}
