/** Judges evidence, and on a right answer grants the second factor. */

import {
  isLocked,
  isSameLock,
  lockRefusal,
  recordFailure,
  recordSuccess,
  undoFailure,
  type CountedFailure,
  type GrantHolder,
} from '../core/ledger.js'
import { newId } from '../core/random.js'
import { isRefusal, type Refusal } from '../core/refusal.js'
import {
  withPart,
  type Decision,
  type Grant,
  type Instant,
  type Purpose,
  type SubjectState,
} from '../core/state.js'
import type { Attempt, Factor, RightAnswer, Settlement, Verdict } from '../ports/factor.js'
import { emit, type FlowContext } from './context.js'
import { transition } from './transition.js'

/** Evidence that a client gave, and whom it would pass. */
export interface VerifyRequest extends Attempt {
  readonly subject: string
  readonly factor: Pick<Factor<never>, 'kind' | 'method' | 'isGuessable' | 'judge'>
  /** The session that is to hold the grant, or `null` where the caller has no session. */
  readonly holder: GrantHolder | null
}

/** The outcome of a right answer. */
export interface Success {
  readonly status: 'passed'
  readonly grant: Grant
  readonly purpose: Purpose
  /** What the factor says was proved. */
  readonly proof: unknown
}

/** An attempt that was counted as wrong before it was judged. */
interface Deferred extends CountedFailure {
  readonly status: 'deferred'
  readonly verdict: Extract<Verdict, { status: 'deferred' }>
}

type Judged = Success | Refusal | Deferred

/**
 * Judges with one read and one write, right or wrong; where the verdict comes from elsewhere, with one write
 * before it is asked for and one after. The outcome is returned only after its write held.
 */
export async function verify(
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

/** Checks the lock, then asks the factor, and enters its verdict in the ledger. */
function judge(
  context: FlowContext,
  request: VerifyRequest,
  grantId: string,
  row: SubjectState,
  now: Instant,
): Decision<Judged> {
  const { factor } = request
  const locked = lockRefusal(row, now)
  if (locked !== null && factor.isGuessable) return { state: row, outcome: locked }
  const verdict = factor.judge(row, now, request)
  if (isRefusal(verdict)) return { state: row, outcome: verdict }
  if (verdict.status === 'right') return passWith(context, request, grantId, row, now, verdict)
  // What cannot be guessed passes a lock; a wrong try during one costs the attacker nothing, and us no write.
  if (locked !== null) return { state: row, outcome: locked }
  const state = withPart(recordFailure(row, now, context.policy), factor.kind, verdict.part)
  if (verdict.status === 'wrong') return { state, outcome: verdict.refusal }
  const counted = { lockBefore: row.lock, lockAfter: state.lock }
  return { state, outcome: { status: 'deferred', verdict, ...counted } }
}

/** A right answer, in the ledger and in the part of each factor. */
function passWith(
  { policy, factors }: FlowContext,
  { factor, purpose, holder }: VerifyRequest,
  grantId: string,
  row: SubjectState,
  now: Instant,
  { part, proof }: RightAnswer,
): Decision<Success> {
  const { method } = factor
  const passed = recordSuccess(withPart(row, factor.kind, part), now, policy, {
    ...{ id: grantId, method, purpose, holder },
  })
  let { state } = passed
  for (const each of factors) {
    const own = state.factors[each.kind]
    const left = own === undefined ? undefined : each.afterSuccess?.(own)
    if (left !== undefined) state = withPart(state, each.kind, left)
  }
  return { state, outcome: { status: 'passed', grant: passed.grant, purpose, proof } }
}

/** Asks for a verdict that was deferred, and applies what it means to the row of then. */
async function settled(
  context: FlowContext,
  request: VerifyRequest,
  grantId: string,
  { state, outcome }: Decision<Judged>,
): Promise<Decision<Success | Refusal>> {
  if (outcome.status !== 'deferred') return { state, outcome }
  const rule = await outcome.verdict.settle()
  return transition(context, request.subject, (row, now): Decision<Success | Refusal> => {
    const settlement = rule(row, now)
    return settlement.status === 'right'
      ? passWith(context, request, grantId, row, now, settlement)
      : settleRefusal(request, row, settlement, outcome)
  })
}

function settleRefusal(
  { factor }: VerifyRequest,
  row: SubjectState,
  settlement: Exclude<Settlement, RightAnswer>,
  deferred: Deferred,
): Decision<Refusal> {
  if (settlement.status === 'wrong') return { state: row, outcome: deferred.verdict.refusal }
  const { part, refusal, isCounted } = settlement
  const ledger = isCounted ? row : undoFailure(row, deferred)
  return {
    state: part === undefined ? ledger : withPart(ledger, factor.kind, part),
    outcome: refusal,
  }
}

/** Whether this attempt was counted, and its failure locked the user: nothing is counted during a lock. */
function broughtLock({ state, outcome }: Decision<Judged>): boolean {
  const { status } = outcome
  const isCounted =
    status === 'deferred' || (isRefusal(outcome) && outcome.code === 'code_incorrect')
  return isCounted && isLocked(state, state.updatedAt)
}
