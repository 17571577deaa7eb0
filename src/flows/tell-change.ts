/** Tells the application, and the user by other factors, that a factor has changed. */

import type { ActionFacts } from '../core/admin.js'
import type { FactorChange } from '../ports/factor.js'
import { emit, type FlowContext } from './context.js'

/** Tells of a change. Nobody waits for what is sent, and its faults change nothing. */
export function tellChange<User>(
  context: FlowContext,
  change: FactorChange<User>,
  by: 'user' | 'operator',
  facts: ActionFacts = {},
): void {
  const { subject, kind } = change
  if (kind !== null && change.change === 'added')
    emit(context, { type: 'factor_added', subject, kind, by, ...facts })
  if (kind !== null && change.change === 'removed') {
    emit(context, { type: 'factor_removed', subject, kind, by, ...facts })
  }
  for (const factor of context.factors) {
    // Each factor knows the users of its own application.
    factor.factorChanged?.(change as FactorChange<never>).catch(() => undefined)
  }
}
