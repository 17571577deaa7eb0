/** An operator's tools: each changes one row and says so to the events. */

import { expireChallenge, resetAll, resetAttempts, resetResends } from '../core/operate.js'
import type { Instant, SubjectState } from '../core/state.js'
import { emit, type FlowContext } from './context.js'
import { callOff } from './delivery.js'
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
  const { state, outcome } = await transition(context, subject, (row, now) => {
    return { state: rule(row, now), outcome: row.challenge }
  })
  emit(context, { type: 'reset', subject, cleared })
  // What the row has forgotten, nobody could cancel later: the vendor would send the old code once more.
  if (outcome !== null && state.challenge === null) await callOff(context.delivery, outcome)
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
