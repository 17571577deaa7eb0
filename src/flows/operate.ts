/** An operator's tools: each changes one row and says so to the events. */

import { expireChallenge, resetAll, resetAttempts, resetResends } from '../core/operate.js'
import type { Instant, SubjectState } from '../core/state.js'
import { emit, type FlowContext } from './context.js'
import { transition } from './transition.js'

/** What an operator may clear of a user. */
export type Clearing = 'all' | 'attempts' | 'resends' | 'challenge'

/** Clears a part of a user's row, or all of it but the grants. */
export async function clear(
  context: FlowContext,
  subject: string,
  cleared: Clearing,
): Promise<void> {
  const rule = ruleOf(context, cleared)
  await transition(context, subject, (row, now) => ({ state: rule(row, now), outcome: null }))
  emit(context, { type: 'reset', subject, cleared })
}

function ruleOf(
  { policy }: FlowContext,
  cleared: Clearing,
): (row: SubjectState, now: Instant) => SubjectState {
  switch (cleared) {
    case 'all':
      return resetAll
    case 'attempts':
      return resetAttempts
    case 'resends':
      return resetResends
    case 'challenge':
      return (row, now) => expireChallenge(row, now, policy)
  }
}
