/** Asks the guards of a message, each within its time. */

import { ConfigurationError } from '../../../core/errors.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import type { GuardVerdict, SendAttempt, SendGuard } from '../ports/send-guard.js'

/** What a guard may take. */
const guardSeconds = 3

/** What the guards say: the first that refuses, or that one failed. */
export type Guarded =
  | { readonly status: 'allowed' }
  | { readonly status: 'unavailable' }
  | {
      readonly status: 'refused'
      readonly by: string
      readonly reason: 'destination_blocked' | 'send_limit'
    }

/** Asks the guards in order. One that fails stops nobody from being refused by another. */
export async function askGuards(
  guards: readonly SendGuard[],
  attempt: SendAttempt,
  { withDeadline, emit }: Pick<FactorTools, 'withDeadline' | 'emit'>,
): Promise<Guarded> {
  let status: 'allowed' | 'unavailable' = 'allowed'
  for (const guard of guards) {
    let reason: string | null = null
    const verdict = await withDeadline(ask(guard, attempt), guardSeconds, () => new Error('late'))
      .then(read)
      .catch((error: unknown) => {
        // Any other error may hold anything.
        reason = error instanceof ConfigurationError ? error.message : null
        return null
      })
    if (verdict === null) {
      emit({ type: 'guard_failed', guard: guard.name, reason })
      status = 'unavailable'
    } else if (verdict.verdict === 'refuse') {
      return { status: 'refused', by: `guard:${guard.name}`, reason: verdict.reason }
    }
  }
  return { status }
}

/** A guard that throws at once rejects like any other. */
async function ask(guard: SendGuard, attempt: SendAttempt): Promise<unknown> {
  return guard.check(attempt)
}

/** A guard in JavaScript may answer anything; what is no verdict is none. */
function read(answer: unknown): GuardVerdict | null {
  if (typeof answer !== 'object' || answer === null || !('verdict' in answer)) return null
  if (answer.verdict === 'allow') return { verdict: 'allow' }
  const reason = 'reason' in answer ? answer.reason : null
  const isReason = reason === 'destination_blocked' || reason === 'send_limit'
  return answer.verdict === 'refuse' && isReason ? { verdict: 'refuse', reason } : null
}
