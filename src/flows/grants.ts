/** What ends grants and challenges: logout, revocation, giving up. */

import { revokeAllGrants, revokeGrant } from '../core/grant.js'
import { withPart, type SubjectState } from '../core/state.js'
import { emit, type FlowContext } from './context.js'
import { transition } from './transition.js'

/** What a session holds. */
export interface HeldBySession {
  readonly grantId?: string | undefined
  readonly challengeId?: string | undefined
}

/** Ends the grant of a session and gives its challenge up, in one write. */
export async function endSession(
  context: FlowContext,
  subject: string,
  { grantId, challengeId }: HeldBySession,
  reason: 'logout' | 'login',
): Promise<void> {
  if (grantId === undefined && challengeId === undefined) return
  const { outcome } = await transition(context, subject, (row) => {
    const revoked = grantId === undefined ? row : revokeGrant(row, grantId)
    const state =
      challengeId === undefined ? revoked : withoutChallenge(context, revoked, challengeId)
    return { state, outcome: { row, isGrantEnded: revoked !== row, isGivenUp: state !== revoked } }
  })
  const { row, isGrantEnded, isGivenUp } = outcome
  if (isGrantEnded) emit(context, { type: 'grant_revoked', subject, reason })
  if (!isGivenUp) return
  emit(context, { type: 'challenge_abandoned', subject })
  await cancelAll(context, row)
}

/** The row without the challenge that a session holds; the same object where none has this id. */
function withoutChallenge(
  { factors }: FlowContext,
  row: SubjectState,
  challengeId: string,
): SubjectState {
  for (const factor of factors) {
    const part = factor.giveUp?.(row, challengeId) ?? null
    if (part !== null) return withPart(row, factor.kind, part)
  }
  return row
}

/** Ends every grant and every challenge of a user, in all sessions at once. */
export async function endAllGrants(context: FlowContext, subject: string): Promise<void> {
  const { outcome } = await transition(context, subject, (row) => {
    return { state: revokeAllGrants(row), outcome: row }
  })
  emit(context, { type: 'all_grants_revoked', subject })
  await cancelAll(context, outcome)
}

/** Has each factor end at its vendor what a row of before had running. */
export async function cancelAll(context: FlowContext, before: SubjectState): Promise<void> {
  await Promise.all(context.factors.map(async (factor) => factor.cancel?.(before)))
}
