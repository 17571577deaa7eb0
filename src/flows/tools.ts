/** Gives factors what they work with. */

import type { KeyRing } from '../core/keys.js'
import type { FactorTools } from '../ports/factor-tools.js'
import { emit, type FlowContext } from './context.js'
import { withDeadline } from './deadline.js'
import { readState, transition } from './transition.js'
import { ask } from './users.js'
import { verify } from './verify.js'

/** Makes the tools; `keys` is called only by factors that need a secret. */
export function toolsOf(
  context: FlowContext,
  { appName, keys }: { readonly appName: string; readonly keys: () => KeyRing },
): FactorTools {
  const { policy, clock } = context
  return {
    policy,
    appName,
    clock,
    keys,
    read: (subject) => readState(context, subject),
    transition: (subject, decide) => transition(context, subject, decide),
    emit: (event) => {
      emit(context, event)
    },
    verify: (factor, subject, attempt) =>
      verify(context, { ...attempt, subject, factor, holder: null }),
    ask,
    withDeadline,
  }
}
