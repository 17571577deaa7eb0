/** Whether a session may enrol beside what is held, decided on the row itself: two sessions may ask at once. */

import { enrolmentOf, factorChangeSeconds, freshnessRefusal } from '../core/enrolment.js'
import { findGrant } from '../core/grant.js'
import type { Refusal } from '../core/refusal.js'
import type { Instant, SubjectState } from '../core/state.js'
import type { FlowContext } from './context.js'
import { isHeldInRow } from './held.js'
import { setUpSeconds } from './set-up-token.js'

/**
 * Why an enrolment may not end, or `null`. Where nothing is held the password alone suffices; of two sessions that know no
 * more, the second finds the first one's factor here. A set-up that began in time has its own time on top, and whoever got
 * in by an operator's code has an app to install first.
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
