/** Makes the dependencies of factors. */

import type { FactorTools } from '../ports/factor-tools.js'
import { enrolmentOf } from '../core/enrolment.js'
import { isRefusal } from '../core/refusal.js'
import { emit, type FlowContext } from './context.js'
import { withDeadline } from './deadline.js'
import { isHeldInRow } from './held.js'
import { tellChange } from './tell-change.js'
import { readState, transition } from './transition.js'
import { ask } from './users.js'
import { emitPassed, verify } from './verify.js'

/** Makes the tools from the flows. */
export function toolsOf(
  context: FlowContext,
  { appName }: { readonly appName: string },
): FactorTools {
  const { policy, clock, keys } = context
  return {
    policy,
    appName,
    clock,
    keys,
    read: (subject) => readState(context, subject),
    transition: (subject, decide, from) => transition(context, subject, decide, undefined, from),
    emit: (event) => {
      emit(context, event)
    },
    async verify(factor, subject, attempt) {
      const outcome = await verify(context, { ...attempt, subject, factor, holder: null })
      if (!isRefusal(outcome)) emitPassed(context, subject, outcome)
      return outcome
    },
    isOtherHeld(row, kind) {
      const { [kind]: _own, ...factors } = row.factors
      return enrolmentOf(row).isClosed || isHeldInRow(context, { ...row, factors })
    },
    isOtherUsable: (row, kind) =>
      context.factors.some(
        (factor) =>
          factor.kind !== kind &&
          factor.isBackup !== true &&
          factor.held?.items(row, clock()).some(({ usable }) => usable),
      ),
    tellChange: (change) => {
      tellChange(context, change, 'user')
    },
    ask,
    withDeadline,
  }
}
