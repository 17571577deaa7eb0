/** Operator actions on a user's row: reset it, or erase everything. */

import { resetShared, type ActionFacts, type ResetScope } from '../core/admin.js'
import { withPart } from '../core/state.js'
import { emit, type FlowContext } from './context.js'
import { cancelAll } from './grants.js'
import { callStore, readState, transition } from './transition.js'

/** Resets a part of a user's row, or everything except grants and enrolments. */
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
  // The row no longer has the challenge, so cancel it now: otherwise the vendor would send the old code again.
  if (scope === 'all') await cancelAll(context, outcome)
}

/**
 * Erases a user's own row and their other rows, including every grant.
 *
 * @throws StoreUnavailableError if the store fails. Rows already erased stay erased.
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
