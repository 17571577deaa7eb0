/** Judges a code, and on the right one grants the second factor. */

import { admit, fail, succeed, type Success } from '../core/challenge.js'
import { codesMatch, newId } from '../core/code.js'
import { reserve, type Reserved } from '../core/hosted.js'
import { isLocked } from '../core/lock.js'
import { isRefusal, refuse, type Refusal } from '../core/refusal.js'
import type { Decision, Instant, Lock, SubjectState } from '../core/state.js'
import { emit, type FlowContext } from './context.js'
import { transition } from './transition.js'
import { settleHosted } from './verify-hosted.js'
import type { VerifyRequest } from './verify-request.js'

/** What the first write holds: a verdict, or an attempt whose code the vendor has yet to judge. */
type Judged = Success | Refusal | Reserved

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
    if (broughtLock(judged) && isSameLock(lock, judged.state.lock)) {
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
): Decision<Judged> {
  const { policy, keys, verifier } = context
  const challenge = admit(row, now, policy, request)
  if ('status' in challenge) return { state: row, outcome: challenge }
  if (challenge.keyId === null && verifier !== null) return reserve(row, now, policy, request)
  const expected = keys?.derive(row.subject, challenge, policy.digits) ?? null
  // The secret or the verifier that this code needs is no longer configured, which ends the code.
  if (expected === null) return { state: row, outcome: refuse('code_expired') }
  return codesMatch(expected, request.code)
    ? succeed(row, now, policy, challenge, grantId, request.holder)
    : fail(row, now, policy)
}

async function settled(
  context: FlowContext,
  request: VerifyRequest,
  grantId: string,
  { state, outcome }: Decision<Judged>,
): Promise<Decision<Success | Refusal>> {
  const { verifier } = context
  if (outcome.status !== 'reserved') return { state, outcome }
  // Only for a verifier are attempts reserved.
  if (verifier === null) return { state, outcome: refuse('code_expired') }
  return settleHosted(context, verifier, request, outcome, grantId)
}

/** Whether this guess was counted, and its failure locked the user: nobody's guess is counted under a lock. */
function broughtLock({ state, outcome }: Decision<Judged>): boolean {
  const { status } = outcome
  const counted = status === 'reserved' || (isRefusal(outcome) && outcome.code === 'code_incorrect')
  return counted && isLocked(state, state.updatedAt)
}

/** A lock that the vendor's answer took back, or another's success cleared, is none. */
function isSameLock(left: Lock, right: Lock): boolean {
  return left.tier === right.tier && left.until === right.until
}
