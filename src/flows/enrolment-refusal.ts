/** Checks against the current row if a session may enrol, because two sessions can enrol at the same time. */

import { enrolmentOf, factorChangeSeconds, freshnessRefusal } from '../core/enrolment.js'
import { findGrant } from '../core/grant.js'
import type { Refusal } from '../core/refusal.js'
import type { Instant, SubjectState } from '../core/state.js'
import type { FlowContext } from './context.js'
import { isHeldInRow } from './held.js'
import { setUpSeconds } from './set-up-token.js'

/**
 * The refusal if an enrolment may not be completed, or `null`. Without a factor the password alone is enough; of two
 * sessions that have only the password, the second finds the first one's factor here. A set-up has `setUpSeconds` on
 * top of the usual limit, and a user with an operator's code has longer, because they may have to install an app.
 */
export function enrolmentRefusal(
  flow: Pick<FlowContext, 'factors' | 'policy'>,
  row: SubjectState,
  now: Instant,
  grantId: string | null,
  isElsewhere = false,
): Refusal | null {
  const { isClosed } = enrolmentOf(row)
  if (!isClosed && !isElsewhere && !isHeldInRow(flow, row)) return null
  const grant = grantId === null ? null : findGrant(row, grantId, now)
  const begun = isClosed && !isElsewhere ? flow.policy.enrolmentSeconds : factorChangeSeconds
  return freshnessRefusal(grant, now, begun + setUpSeconds)
}
