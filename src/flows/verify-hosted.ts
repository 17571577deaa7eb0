/** Asks the vendor about a code whose attempt is reserved, and settles what it says. */

import { succeed, type Success } from '../core/challenge.js'
import { end, giveBack, type Reserved } from '../core/hosted.js'
import { refuse, refuseUntil, type Refusal } from '../core/refusal.js'
import { Sensitive } from '../core/sensitive.js'
import { after, type Decision, type SubjectState } from '../core/state.js'
import type { HostedCheckResult, HostedVerifier } from '../ports/hosted-verifier.js'
import type { FlowContext } from './context.js'
import { withDeadline } from './deadline.js'
import { transition } from './transition.js'
import type { VerifyRequest } from './verify-request.js'

/** A verifier has its own, shorter deadline; this one is for one that forgot to. */
const checkTimeoutSeconds = 15

/** What a vendor that names no time is given before the next try. */
const unavailableRetrySeconds = 30

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
  const settled = await transition(context, subject, (row) => settle(row, reserved, result))
  return { state: settled.state, outcome: refusalOf(context, reserved, result) }
}

type NotApproved = Exclude<HostedCheckResult, { status: 'approved' }>

/** What a no leaves of the reservation. Where nobody knows what was judged, the attempt stays spent. */
function settle(row: SubjectState, reserved: Reserved, result: NotApproved): Decision<null> {
  if (result.status === 'ended') return end(row, reserved.challenge.id)
  const notJudged =
    result.status === 'operator_fault' ||
    (result.status === 'unavailable' && result.judged === 'no')
  return notJudged ? giveBack(row, reserved) : { state: row, outcome: null }
}

function refusalOf(context: FlowContext, reserved: Reserved, result: NotApproved): Refusal {
  switch (result.status) {
    case 'incorrect':
      return reserved.ifWrong
    case 'ended':
      return refuse('code_expired')
    case 'operator_fault':
      return refuse('service_misconfigured')
    case 'unavailable': {
      const now = context.clock()
      const retryAt = after(now, result.retryAfterSeconds ?? unavailableRetrySeconds)
      return refuseUntil('delivery_unavailable', retryAt, now)
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
    return await withDeadline(
      verifier.check({ ref, to: challenge.destination, code: new Sensitive(code) }),
      checkTimeoutSeconds,
      () => new Error('late'),
    )
  } catch {
    return { status: 'unavailable', judged: 'maybe' }
  }
}
