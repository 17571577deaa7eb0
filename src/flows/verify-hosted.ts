/** Asks the vendor about a code whose attempt is reserved, and settles what it says. */

import { succeed, type Success } from '../core/challenge.js'
import { end, giveBack, type Reserved } from '../core/hosted.js'
import { refuse, refuseUntil, type Refusal } from '../core/refusal.js'
import { Sensitive } from '../core/sensitive.js'
import { after, type Decision, type Instant, type SubjectState } from '../core/state.js'
import type { HostedCheckResult, HostedVerifier } from '../ports/hosted-verifier.js'
import { emit, type FlowContext } from './context.js'
import { withDeadline } from './deadline.js'
import { transition } from './transition.js'
import { vendorWaitSeconds } from './vendor-wait.js'
import type { VerifyRequest } from './verify-request.js'

/** A verifier has its own, shorter deadline; this one is for one that forgot to. */
const checkTimeoutSeconds = 15

/** Settles a reserved attempt. Only `approved` passes, and only while the same challenge still runs. */
export async function settleHosted(
  context: FlowContext,
  verifier: HostedVerifier,
  request: VerifyRequest,
  reserved: Reserved,
  grantId: string,
): Promise<Decision<Success | Refusal>> {
  const { subject } = request
  const result = await check(verifier, reserved, request.code)
  if (result.status === 'approved') {
    return transition(context, subject, (row, now): Decision<Success | Refusal> => {
      const { challenge } = row
      // A parallel approval was first, or the challenge was replaced or given up while the vendor thought.
      if (challenge?.id !== reserved.challenge.id)
        return { state: row, outcome: refuse('no_challenge') }
      return succeed(row, now, context.policy, challenge, grantId, request.holder)
    })
  }
  tellFault(context, subject, reserved, result)
  return transition(context, subject, (row, now) => settle(context, row, now, reserved, result))
}

type NotApproved = Exclude<HostedCheckResult, { status: 'approved' }>

/** Operators have to hear of a verifier that does not judge; the person only learns to try again. */
function tellFault(
  context: FlowContext,
  subject: string,
  { challenge: { purpose } }: Reserved,
  result: NotApproved,
): void {
  if (result.status === 'operator_fault') {
    emit(context, { type: 'check_failed', subject, purpose, judged: 'no', reason: result.reason })
  } else if (result.status === 'unavailable') {
    const { judged } = result
    emit(context, { type: 'check_failed', subject, purpose, judged, reason: 'no answer' })
  }
}

/** What a no leaves of the reservation. Where nobody knows what was judged, the attempt stays spent. */
function settle(
  { policy }: FlowContext,
  row: SubjectState,
  now: Instant,
  reserved: Reserved,
  result: NotApproved,
): Decision<Refusal> {
  switch (result.status) {
    case 'incorrect':
      return { state: row, outcome: reserved.ifWrong }
    case 'ended':
      return end(row, now, policy, reserved.challenge.id)
    case 'operator_fault': {
      const { state } = giveBack(row, reserved)
      return { state, outcome: refuse('service_misconfigured') }
    }
    case 'unavailable': {
      const { state } = result.judged === 'no' ? giveBack(row, reserved) : { state: row }
      const retryAt = after(now, vendorWaitSeconds(result.retryAfterSeconds))
      return { state, outcome: refuseUntil('delivery_unavailable', retryAt, now) }
    }
  }
}

/** Whatever a verifier throws or forgets to answer may have been judged. */
async function check(
  verifier: HostedVerifier,
  { ref, challenge }: Reserved,
  code: string,
): Promise<HostedCheckResult> {
  try {
    const answer: unknown = await withDeadline(
      verifier.check({ ref, to: challenge.destination, code: new Sensitive(code) }),
      checkTimeoutSeconds,
      () => new Error('late'),
    )
    return isCheckResult(answer) ? answer : maybeJudged
  } catch {
    return maybeJudged
  }
}

const maybeJudged: HostedCheckResult = { status: 'unavailable', judged: 'maybe' }

const checkStatuses: readonly unknown[] = [
  'approved',
  'incorrect',
  'ended',
  'unavailable',
  'operator_fault',
] satisfies HostedCheckResult['status'][]

function isCheckResult(answer: unknown): answer is HostedCheckResult {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'status' in answer &&
    checkStatuses.includes(answer.status)
  )
}
