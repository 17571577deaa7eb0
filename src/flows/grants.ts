/** Ends grants and challenges: logout, revocation, cancelling. */

import type { ActionFacts } from '../core/admin.js'
import { revokeAllGrants, revokeGrant, revokeGrantsOf } from '../core/grant.js'
import { withPart, type SubjectState } from '../core/state.js'
import { emit, type FlowContext } from './context.js'
import { transition } from './transition.js'

/** The grant and the key of a session. */
export interface HeldBySession {
  readonly grantId?: string | undefined
  /** The session's key, to which its challenges are bound, as is a grant it got just now. */
  readonly sessionKey?: string | undefined
}

/** Ends a session's grant and challenge, in one write. */
export async function endSession(
  context: FlowContext,
  subject: string,
  { grantId, sessionKey }: HeldBySession,
  reason: 'logout' | 'login',
): Promise<void> {
  if (grantId === undefined && sessionKey === undefined) return
  const { outcome } = await transition(context, subject, (row) => {
    const own = grantId === undefined ? row : revokeGrant(row, grantId)
    const revoked = sessionKey === undefined ? own : revokeGrantsOf(own, sessionKey)
    const state =
      sessionKey === undefined ? revoked : withoutChallenge(context, revoked, sessionKey)
    return { state, outcome: { row, isGrantEnded: revoked !== row, isGivenUp: state !== revoked } }
  })
  const { row, isGrantEnded, isGivenUp } = outcome
  if (isGrantEnded) emit(context, { type: 'grant_revoked', subject, reason })
  if (!isGivenUp) return
  emit(context, { type: 'challenge_abandoned', subject })
  await cancelAll(context, row)
}

/** Ends a session's challenge, if it has one. Its grant stays. */
export async function giveUpChallenge(
  context: FlowContext,
  subject: string,
  sessionKey: string | undefined,
): Promise<void> {
  if (sessionKey === undefined) return
  const { outcome } = await transition(context, subject, (row) => {
    const state = withoutChallenge(context, row, sessionKey)
    return { state, outcome: { row, isGivenUp: state !== row } }
  })
  if (!outcome.isGivenUp) return
  emit(context, { type: 'challenge_abandoned', subject })
  await cancelAll(context, outcome.row)
}

/** Removes a session's challenge. Returns the same row if it has none. */
function withoutChallenge(
  { factors }: FlowContext,
  row: SubjectState,
  sessionKey: string,
): SubjectState {
  for (const factor of factors) {
    const part = factor.giveUp?.(row, sessionKey) ?? null
    if (part !== null) return withPart(row, factor.kind, part)
  }
  return row
}

/** Ends every grant and every challenge of a user, in all sessions at once. */
export async function endAllGrants(
  context: FlowContext,
  subject: string,
  by: ActionFacts = {},
): Promise<void> {
  const { outcome } = await transition(context, subject, (row) => {
    return { state: revokeAllGrants(row), outcome: row }
  })
  emit(context, { type: 'all_grants_revoked', subject, ...by })
  await cancelAll(context, outcome)
}

/** Cancels the challenge of an earlier row at the vendor. */
export async function cancelAll(context: FlowContext, before: SubjectState): Promise<void> {
  await Promise.all(context.factors.map(async (factor) => factor.cancel?.(before)))
}
