/** Judges evidence, and issues a grant for a right answer. */

import { trustDevice, type NewDevice } from '../core/devices.js'
import { afterEnrolment, enrolmentOf } from '../core/enrolment.js'
import {
  isLocked,
  isSameLock,
  lockedUntil,
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
import type { Attempt, RightAnswer, Settlement, Verdict } from '../ports/attempt.js'
import type { PassFacts } from '../ports/event-sink.js'
import type { Factor } from '../ports/factor.js'
import { emit, type FlowContext } from './context.js'
import { enrolmentRefusal } from './enrolment-refusal.js'
import { isHeldInRow } from './held.js'
import { transition } from './transition.js'

/** The part of a factor that judging needs. */
type JudgingFactor = Pick<
  Factor<never>,
  'kind' | 'method' | 'isGuessable' | 'judge' | 'examine' | 'answered'
>

/** Evidence from a client, and the session to pass. */
export interface VerifyRequest extends Attempt {
  readonly subject: string
  readonly factor: JudgingFactor
  /** The session that gets the grant; `null` if the caller has no session. */
  readonly holder: GrantHolder | null
  /** A device to trust after a right answer. */
  readonly trust?: NewDevice | null | undefined
  /** The row, if it was just read. */
  readonly row?: SubjectState | null | undefined
}

/** The outcome of a right answer. */
export interface Success {
  readonly status: 'passed'
  readonly grant: Grant
  /** The row's epoch after the pass. Ending only this grant does not change it. */
  readonly epoch: number
  readonly purpose: Purpose
  /** The factor's proof. */
  readonly proof: unknown
  /** Further fields of the event `passed`. */
  readonly passFacts: PassFacts
  /** Further facts for the user, from every factor. */
  readonly facts: object
  /** True if the row has no factor, so it may have been lost. */
  readonly holdsNothing: boolean
}

/** An attempt that was counted as wrong before a vendor judges it. */
interface Deferred extends CountedFailure {
  readonly status: 'deferred'
  readonly verdict: Extract<Verdict, { status: 'deferred' }>
}

/** A wrong answer, counted as a failure. */
interface Counted {
  readonly status: 'counted'
  readonly refusal: Refusal
}

type Judged = Success | Refusal | Counted | Deferred

/**
 * Judges evidence with one read, unless the caller has the row, and one write. If a vendor judges it, there is one write
 * before the vendor is asked and one after. Returns the outcome only after its write succeeded.
 */
export async function verify(
  context: FlowContext,
  request: VerifyRequest,
): Promise<Success | Refusal> {
  const { subject, purpose } = request
  const grantId = newId()
  const { examine } = request.factor
  const judged = await transition(
    context,
    subject,
    (row, now, examined) => judge(context, { ...request, examined }, grantId, row, now),
    examine && ((row, now) => examine(row, now, request)),
    request.row,
  )
  const { state, outcome } = await settled(context, request, grantId, judged)
  if (isRefusal(outcome)) {
    const { failures, lock } = state
    const { method } = request.factor
    const { code } = outcome
    emit(context, { type: 'verify_refused', subject, purpose, method, code, failures })
    if (code === 'code_used') emit(context, { type: 'code_reused', subject, method })
    if (broughtLock(judged) && isSameLock(lock, judged.state.lock)) {
      const until = lock.until === null ? null : new Date(lock.until)
      emit(context, { type: 'locked', subject, failures, until })
    }
    return outcome
  }
  request.factor.answered?.(request, outcome.proof)
  return outcome
}

/** Emits `passed`. Call it once nothing can refuse the pass any more; for a session, once it has its grant. */
export function emitPassed(
  context: FlowContext,
  subject: string,
  { purpose, grant, passFacts }: Success,
): void {
  emit(context, { type: 'passed', subject, purpose, method: grant.method, ...passFacts })
}

/** Checks the lock, lets the factor judge, and records its verdict. */
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
  if (request.purpose === 'enrolment') {
    const refused = enrolmentRefusal(context, row, now, request.grantId ?? null)
    if (refused !== null) return { state: row, outcome: refused }
  }
  const verdict = factor.judge(row, now, request)
  if (isRefusal(verdict)) return { state: row, outcome: verdict }
  if (verdict.status === 'right') return passWith(context, request, grantId, row, now, verdict)
  // Unguessable evidence passes despite a lock. A wrong attempt during a lock is not counted, which saves a write.
  if (locked !== null) return { state: row, outcome: locked }
  const state = withPart(recordFailure(row, now, context.policy), factor.kind, verdict.part)
  if (verdict.status === 'wrong') {
    return { state, outcome: { status: 'counted', refusal: withLock(verdict.refusal, state, now) } }
  }
  const counted = { lockBefore: row.lock, lockAfter: state.lock }
  return { state, outcome: { status: 'deferred', verdict, ...counted } }
}

/** Records a right answer in the ledger and in the part of each factor. */
function passWith(
  { policy, factors }: FlowContext,
  { factor, purpose, holder, sessionKey, trust = null }: VerifyRequest,
  grantId: string,
  row: SubjectState,
  now: Instant,
  { part, proof, passFacts = {}, endsOthers }: RightAnswer,
): Decision<Success> {
  const { method } = factor
  const passed = recordSuccess(withPart(row, factor.kind, part), now, policy, {
    ...{ id: grantId, method, purpose, holder, sessionKey, endsOthers },
  })
  let { state } = passed
  for (const each of factors) {
    const own = state.factors[each.kind]
    const left = own === undefined ? undefined : each.afterSuccess?.(own)
    if (left !== undefined) state = withPart(state, each.kind, left)
  }
  const isEnrolled = part.held === true || enrolmentOf(state).isClosed
  if (purpose === 'enrolment' && isEnrolled) state = afterEnrolment(state)
  if (trust !== null) state = trustDevice(state, now, trust)
  const facts = factors.reduce((all, each) => ({ ...all, ...each.facts?.(state, now) }), {})
  const { epoch } = state
  const holdsNothing = !isHeldInRow({ factors }, state) && !enrolmentOf(state).isClosed
  return {
    state,
    outcome: {
      ...{ status: 'passed', grant: passed.grant, epoch, purpose },
      ...{ proof, passFacts, facts, holdsNothing },
    },
  }
}

/** Asks the vendor for a deferred verdict, and applies the result to the current row. */
async function settled(
  context: FlowContext,
  request: VerifyRequest,
  grantId: string,
  { state, outcome }: Decision<Judged>,
): Promise<Decision<Success | Refusal>> {
  if (outcome.status === 'counted') return { state, outcome: outcome.refusal }
  if (outcome.status !== 'deferred') return { state, outcome }
  const rule = await outcome.verdict.settle()
  return transition(context, request.subject, (row, now): Decision<Success | Refusal> => {
    const settlement = rule(row, now)
    return settlement.status === 'right'
      ? passWith(context, request, grantId, row, now, settlement)
      : settleRefusal(request, row, now, settlement, outcome)
  })
}

function settleRefusal(
  { factor }: VerifyRequest,
  row: SubjectState,
  now: Instant,
  settlement: Exclude<Settlement, RightAnswer>,
  deferred: Deferred,
): Decision<Refusal> {
  if (settlement.status === 'wrong') {
    return { state: row, outcome: withLock(deferred.verdict.refusal, row, now) }
  }
  const { part, refusal, isCounted } = settlement
  const ledger = isCounted ? row : undoFailure(row, deferred)
  return {
    state: part === undefined ? ledger : withPart(ledger, factor.kind, part),
    outcome: refusal,
  }
}

/** Adds the lock to the refusal of a wrong answer that locked the user. */
function withLock(refused: Refusal, row: SubjectState, now: Instant): Refusal {
  if (!isLocked(row, now)) return refused
  return { ...refused, attemptsLeft: 0, lockedUntil: lockedUntil(row, now) }
}

/** True if this attempt was counted and caused the lock. Nothing is counted during a lock. */
function broughtLock({ state, outcome }: Decision<Judged>): boolean {
  const { status } = outcome
  const isCounted = status === 'deferred' || status === 'counted'
  return isCounted && isLocked(state, state.updatedAt)
}
