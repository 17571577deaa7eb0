/** Judges a code, and on the right one grants the second factor. */

import { admit, fail, succeed, type Success } from '../core/challenge.js'
import { codesMatch, newId } from '../core/code.js'
import { reserve, type Reserved } from '../core/hosted.js'
import { isRefusal, refuse, type Refusal } from '../core/refusal.js'
import type { Decision, Instant, SubjectState } from '../core/state.js'
import { emit, type FlowContext } from './context.js'
import { transition } from './transition.js'
import { settleHosted } from './verify-hosted.js'
import type { VerifyRequest } from './verify-request.js'

/**
 * Judges a code of ours with one read and one write, right or wrong; a vendor's code takes a write before
 * the vendor is asked, and one after. The answer is told only after the write held.
 */
export async function verifyChallenge(
  context: FlowContext,
  request: VerifyRequest,
): Promise<Success | Refusal> {
  const { subject, purpose } = request
  const grantId = newId()
  const judged = await transition(context, subject, (row, now) =>
    judge(context, request, grantId, row, now),
  )
  const { state, outcome } = await settled(context, request, grantId, judged)
  if (isRefusal(outcome)) {
    const { failures, lock } = state
    emit(context, { type: 'verify_refused', subject, purpose, code: outcome.code, failures })
    if (outcome.code === 'code_incorrect' && lockBegan(state, context)) {
      const until = lock.until === null ? null : new Date(lock.until)
      emit(context, { type: 'locked', subject, failures, until })
    }
  } else {
    emit(context, { type: 'passed', subject, purpose, method: outcome.grant.method })
  }
  return outcome
}

/** A code of ours is judged at once; one of the vendor's reserves its attempt first. */
function judge(
  context: FlowContext,
  request: VerifyRequest,
  grantId: string,
  row: SubjectState,
  now: Instant,
): Decision<Success | Refusal | Reserved> {
  const { policy, keys } = context
  const challenge = admit(row, now, policy, request)
  if ('status' in challenge) return { state: row, outcome: challenge }
  if (challenge.keyId === null) return reserve(row, now, policy, request)
  const expected = keys?.derive(row.subject, challenge, policy.digits) ?? null
  // The secret that made this code was taken out of the ring, which ends the code.
  if (expected === null) return { state: row, outcome: refuse('code_expired') }
  return codesMatch(expected, request.code)
    ? succeed(row, now, policy, challenge, grantId, request.holder)
    : fail(row, now, policy)
}

async function settled(
  context: FlowContext,
  request: VerifyRequest,
  grantId: string,
  { state, outcome }: Decision<Success | Refusal | Reserved>,
): Promise<Decision<Success | Refusal>> {
  if (outcome.status !== 'reserved') return { state, outcome }
  // The verifier that made this code is no longer configured, which ends the code.
  if (context.verifier === null) return { state, outcome: refuse('code_expired') }
  return settleHosted(context, context.verifier, request, outcome, grantId)
}

function lockBegan(state: SubjectState, context: FlowContext): boolean {
  const { lock } = state
  return lock.tier === 'disabled' || (lock.until !== null && lock.until > context.clock())
}
