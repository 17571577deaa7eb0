/** Asks a verifier about a code, whatever it throws, answers or does not answer. */

import { Sensitive } from '../../core/sensitive.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import type { HostedCheckResult, HostedVerifier } from './ports/hosted-verifier.js'
import type { Challenge } from './rules/part.js'

/** A verifier has its own, shorter timeout; this one is for one that forgot to. */
const checkTimeoutSeconds = 15

/** A verifier that throws or never answers may have judged the code. */
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
