/** Asks a verifier to check a code. Errors, bad results and timeouts count as unavailable. */

import { Sensitive } from '../../core/sensitive.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import type { HostedCheckResult, HostedVerifier } from './ports/hosted-verifier.js'
import type { Challenge } from './rules/part.js'

/** Verifiers should have a shorter timeout of their own; this one covers those without. */
const checkTimeoutSeconds = 15

/**
 * Checks a code with the verifier. One that throws or times out may have judged the code, so the attempt stays spent.
 */
export async function checkHosted(
  { withDeadline }: Pick<FactorTools, 'withDeadline'>,
  verifier: HostedVerifier,
  { destination }: Challenge,
  ref: string,
  code: string,
): Promise<HostedCheckResult> {
  try {
    const answer: unknown = await withDeadline(
      verifier.check({ ref, to: destination, code: new Sensitive(code) }),
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
