/** What ends grants and challenges: logout, revocation, giving up. */

import { abandon } from '../core/challenge.js'
import { revokeAllGrants, revokeGrant } from '../core/grant.js'
import { emit, type FlowContext } from './context.js'
import { callOff } from './delivery.js'
import { transition } from './transition.js'

/** Ends one session's grant. */
export async function endGrant(
  context: FlowContext,
  subject: string,
  grantId: string,
  reason: 'logout' | 'login',
): Promise<void> {
  const { outcome } = await transition(context, subject, (row) => {
    const state = revokeGrant(row, grantId)
    return { state, outcome: state !== row }
  })
  if (outcome) emit(context, { type: 'grant_revoked', subject, reason })
}

/** Ends every grant and the running challenge of a user, in all sessions at once. */
export async function endAllGrants(context: FlowContext, subject: string): Promise<void> {
  const { outcome } = await transition(context, subject, (row) => {
    return { state: revokeAllGrants(row), outcome: row.challenge }
  })
  emit(context, { type: 'all_grants_revoked', subject })
  if (outcome !== null) await callOff(context.delivery, outcome)
}

/** Gives up the challenge that a session holds. */
export async function endChallenge(
  context: FlowContext,
  subject: string,
  challengeId: string | null,
): Promise<void> {
  if (challengeId === null) return
  const { outcome } = await transition(context, subject, (row) => abandon(row, challengeId))
  if (outcome === null) return
  emit(context, { type: 'challenge_abandoned', subject })
  await callOff(context.delivery, outcome)
}
