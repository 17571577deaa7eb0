/** The tools of operators: reset a part of a user's row, or erase everything. */

import { resetShared, type ActionFacts, type ResetScope } from '../core/admin.js'
import { withPart } from '../core/state.js'
import { emit, type FlowContext } from './context.js'
import { cancelAll } from './grants.js'
import { callStore, readState, transition } from './transition.js'

/** Resets a part of a user's row, or all of it but grants and enrolments. */
export async function reset(
  context: FlowContext,
  subject: string,
  scope: ResetScope,
  by: ActionFacts = {},
): Promise<void> {
  const { outcome } = await transition(context, subject, (row, now) => {
    let state = resetShared(row, scope, now)
    for (const factor of context.factors) {
      const part =
        row.factors[factor.kind] === undefined ? undefined : factor.afterReset?.(row, scope, now)
      if (part !== undefined) state = withPart(state, factor.kind, part)
    }
    return { state, outcome: row }
  })
  emit(context, { type: 'reset', subject, scope, ...by })
  // The row has forgotten what ran, so nobody could cancel it later: the vendor would send the old code again.
  if (scope === 'all') await cancelAll(context, outcome)
}

/**
 * Erases the rows of a user, and with them every grant. The first is the user's own.
 *
 * @throws StoreUnavailableError where the store fails; what was erased by then stays so.
 */
export async function forget(
  context: FlowContext,
  subject: string,
  otherSubjects: readonly string[],
  by: ActionFacts = {},
): Promise<void> {
  for (const each of [subject, ...otherSubjects]) {
    const row = await readState(context, each)
    await callStore(context, () => context.store.delete(each))
    if (row !== null) await cancelAll(context, row)
  }
  emit(context, { type: 'forgotten', subject, ...by })
}
