/** Asks the guards about a message, each within a timeout. */

import { ConfigurationError } from '../../../core/errors.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import type { GuardVerdict, SendAttempt, SendGuard } from '../ports/send-guard.js'

/** The timeout of a guard. */
const guardSeconds = 3

/** The guards' result: the first that refuses, or that one failed. */
export type Guarded =
  | { readonly status: 'allowed' }
  | { readonly status: 'unavailable' }
  | {
      readonly status: 'refused'
      readonly by: string
      readonly reason: 'destination_blocked' | 'send_limit'
    }

/** Asks the guards in order. If one fails, the others are still asked and may refuse. */
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
        // The text of any other error may hold secrets.
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

/** Reads a guard's verdict; `null` if it is invalid, because a guard written in JavaScript may return anything. */
function read(answer: unknown): GuardVerdict | null {
  if (typeof answer !== 'object' || answer === null || !('verdict' in answer)) return null
  if (answer.verdict === 'allow') return { verdict: 'allow' }
  const reason = 'reason' in answer ? answer.reason : null
  const isReason = reason === 'destination_blocked' || reason === 'send_limit'
  return answer.verdict === 'refuse' && isReason ? { verdict: 'refuse', reason } : null
}
