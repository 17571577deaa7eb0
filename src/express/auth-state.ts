/** The state of a request: who logged in, how long ago, and whether the session holds an active grant. */

import type { Request } from 'express'
import type {} from 'passport'

import { refusal, type Refusal } from '../core/refusal.js'
import { after, hasHappened, type Grant } from '../core/state.js'
import { factorOf } from '../flows/factors.js'
import type { HttpContext } from './context.js'
import { userOf } from './request-state.js'
import { recordOf, type SessionRecord } from './session-record.js'

/** A request of somebody whose password was accepted. */
export interface AuthState {
  readonly status: 'logged-in'
  readonly user: Express.User
  readonly subject: string
  readonly record: SessionRecord
  /** The active grant that this session holds, or `null`. */
  readonly grant: Grant | null
}

/**
 * Reads the state of a request; `login_required` where nobody is logged in, or where a login has
 * waited for its second factor longer than it may.
 */
export async function authStateOf(
  context: HttpContext,
  req: Request,
): Promise<AuthState | Refusal> {
  const user = userOf(req)
  if (user === null) return refusal('login_required')
  const subject = context.users.subject(user)
  const record = recordOf(req, subject)
  const grant = await activeGrant(context, subject, record)
  if (grant === null && !isPending(context, record)) return refusal('login_required')
  return { status: 'logged-in', user, subject, record, grant }
}

/** A grant of a method that is not configured here says nothing: nobody knows what it is worth. */
async function activeGrant(
  { grants, flow }: HttpContext,
  subject: string,
  { grantId }: SessionRecord,
): Promise<Grant | null> {
  const grant = grantId === undefined ? null : await grants.find(subject, grantId)
  return grant !== null && factorOf(flow, grant.method) !== undefined ? grant : null
}

/** Whether the login may still wait for its second factor. Rejects logins from the future. */
function isPending({ flow }: HttpContext, { loginAt }: SessionRecord): boolean {
  if (!Number.isFinite(loginAt) || loginAt === undefined) return false
  const now = flow.clock()
  return now < after(loginAt, flow.policy.pendingSeconds) && hasHappened(loginAt, now)
}
