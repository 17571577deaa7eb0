/** Reports a change of a factor to the application by an event, and to the user through their other factors. */

import type { ActionFacts } from '../core/admin.js'
import type { FactorChange } from '../ports/factor.js'
import { emit, type FlowContext } from './context.js'

/** Reports a change. Does not wait for messages, and ignores their errors. */
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
    // All factors share the application's user type, which `FlowContext` does not carry.
    factor.factorChanged?.(change as FactorChange<never>).catch(() => undefined)
  }
}
