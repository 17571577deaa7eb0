/** Judges evidence, and on a right answer grants the second factor. */

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

/** What a factor judges with. */
type JudgingFactor = Pick<
  Factor<never>,
  'kind' | 'method' | 'isGuessable' | 'judge' | 'examine' | 'answered'
>

/** Evidence that a client gave, and whom it would pass. */
export interface VerifyRequest extends Attempt {
  readonly subject: string
  readonly factor: JudgingFactor
  /** The session that is to hold the grant, or `null` where the caller has no session. */
  readonly holder: GrantHolder | null
  /** A device on which the user is not to be asked again. */
  readonly trust?: NewDevice | null | undefined
}

/** The outcome of a right answer. */
export interface Success {
  readonly status: 'passed'
  readonly grant: Grant
  /** Of the row by now: an end of this grant alone leaves it as it is. */
  readonly epoch: number
  readonly purpose: Purpose
  /** What the factor says was proved. */
  readonly proof: unknown
  /** What the event of the pass says beside its method. */
  readonly passFacts: PassFacts
  /** Further facts for the person, of every factor. */
  readonly facts: object
  /** Whether the row shows nothing that is held, although it may have been lost. */
  readonly holdsNothing: boolean
}

/** An attempt that was counted as wrong before it was judged. */
interface Deferred extends CountedFailure {
  readonly status: 'deferred'
  readonly verdict: Extract<Verdict, { status: 'deferred' }>
}

/** A wrong answer that was counted. */
interface Counted {
  readonly status: 'counted'
  readonly refusal: Refusal
}

type Judged = Success | Refusal | Counted | Deferred

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
  const { examine } = request.factor
  const judged = await transition(
    context,
    subject,
    (row, now, examined) => judge(context, { ...request, examined }, grantId, row, now),
    examine && ((row, now) => examine(row, now, request)),
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
  if (request.holder === null) emitPassed(context, subject, outcome)
  return outcome
}

/** Tells that a user has passed: for a session, once it holds the grant. */
export function emitPassed(
  context: FlowContext,
  subject: string,
  { purpose, grant, passFacts }: Success,
): void {
  emit(context, { type: 'passed', subject, purpose, method: grant.method, ...passFacts })
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
  if (request.purpose === 'enrolment') {
    const refused = enrolmentRefusal(context, row, now, request.grantId ?? null)
    if (refused !== null) return { state: row, outcome: refused }
  }
  const verdict = factor.judge(row, now, request)
  if (isRefusal(verdict)) return { state: row, outcome: verdict }
  if (verdict.status === 'right') return passWith(context, request, grantId, row, now, verdict)
  // What cannot be guessed passes a lock; a wrong try during one costs the attacker nothing, and us no write.
  if (locked !== null) return { state: row, outcome: locked }
  const state = withPart(recordFailure(row, now, context.policy), factor.kind, verdict.part)
  if (verdict.status === 'wrong') {
    return { state, outcome: { status: 'counted', refusal: withLock(verdict.refusal, state, now) } }
  }
  const counted = { lockBefore: row.lock, lockAfter: state.lock }
  return { state, outcome: { status: 'deferred', verdict, ...counted } }
}

/** A right answer, in the ledger and in the part of each factor. */
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

/** Asks for a verdict that was deferred, and applies what it means to the row of then. */
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

/** The refusal of a wrong answer; one that has locked the user says so at once, since no other will be judged. */
function withLock(refused: Refusal, row: SubjectState, now: Instant): Refusal {
  if (!isLocked(row, now)) return refused
  return { ...refused, attemptsLeft: 0, lockedUntil: lockedUntil(row, now) }
}

/** Whether this attempt was counted, and its failure locked the user: nothing is counted during a lock. */
function broughtLock({ state, outcome }: Decision<Judged>): boolean {
  const { status } = outcome
  const isCounted = status === 'deferred' || status === 'counted'
  return isCounted && isLocked(state, state.updatedAt)
}
