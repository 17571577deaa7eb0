/** Judges a code, and on the right one grants the second factor. */

import { admit, fail, succeed, type GrantHolder, type Success } from '../core/challenge.js'
import { codesMatch, newId } from '../core/code.js'
import { isRefusal, refuse, type Refusal } from '../core/refusal.js'
import type { Decision, Instant, Purpose, SubjectState } from '../core/state.js'
import { emit, type FlowContext } from './context.js'
import { transition } from './transition.js'

export interface VerifyRequest {
  readonly subject: string
  readonly purpose: Purpose
  /** Digits only, of the policy's length. */
  readonly code: string
  /** The challenge the asking session holds; `undefined` where the caller has no session. */
  readonly challengeId: string | null | undefined
  /** The session that is to hold the grant, or `null` where the caller has no session. */
  readonly holder: GrantHolder | null
}

/** One read and one write, whether the code is right or wrong; the answer is told after the write held. */
export async function verifyChallenge(
  context: FlowContext,
  request: VerifyRequest,
): Promise<Success | Refusal> {
  const { subject, purpose } = request
  const grantId = newId()
  const { state, outcome } = await transition(context, subject, (row, now) =>
    judge(context, request, grantId, row, now),
  )
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

function judge(
  context: FlowContext,
  request: VerifyRequest,
  grantId: string,
  row: SubjectState,
  now: Instant,
): Decision<Success | Refusal> {
  const { policy, keys } = context
  const challenge = admit(row, now, policy, request)
  if ('status' in challenge) return { state: row, outcome: challenge }
  const expected = keys.derive(row.subject, challenge, policy.digits)
  // The secret that made this code was taken out of the ring, which ends the code.
  if (expected === null) return { state: row, outcome: refuse('code_expired') }
  return codesMatch(expected, request.code)
    ? succeed(row, now, policy, challenge, grantId, request.holder)
    : fail(row, now, policy)
}

function lockBegan(state: SubjectState, context: FlowContext): boolean {
  const { lock } = state
  return lock.tier === 'disabled' || (lock.until !== null && lock.until > context.clock())
}
