/** What ends grants and challenges: logout, revocation, giving up. */

import { revokeAllGrants, revokeGrant } from '../core/grant.js'
import { withPart, type SubjectState } from '../core/state.js'
import { emit, type FlowContext } from './context.js'
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

/** Ends every grant and every challenge of a user, in all sessions at once. */
export async function endAllGrants(context: FlowContext, subject: string): Promise<void> {
  const { outcome } = await transition(context, subject, (row) => {
    return { state: revokeAllGrants(row), outcome: row }
  })
  emit(context, { type: 'all_grants_revoked', subject })
  await cancelAll(context, outcome)
}

/** Gives up the challenge that a session holds. */
export async function endChallenge(
  context: FlowContext,
  subject: string,
  challengeId: string | null,
): Promise<void> {
  if (challengeId === null) return
  const { outcome } = await transition(context, subject, (row) => {
    for (const factor of context.factors) {
      const part = factor.giveUp?.(row, challengeId) ?? null
      if (part !== null) return { state: withPart(row, factor.kind, part), outcome: row }
    }
    return { state: row, outcome: null }
  })
  if (outcome === null) return
  emit(context, { type: 'challenge_abandoned', subject })
  await cancelAll(context, outcome)
}

/** Has each factor end at its vendor what a row of before had running. */
export async function cancelAll(context: FlowContext, before: SubjectState): Promise<void> {
  await Promise.all(context.factors.map((factor) => factor.cancel?.(before)))
}
