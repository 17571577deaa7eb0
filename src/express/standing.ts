/** Where a request stands: who logged in, how long ago, and whether a living grant is held. */

import type { Request } from 'express'
import type {} from 'passport'

import { refuse, type Refusal } from '../core/refusal.js'
import { after, clockSkewSeconds, type Grant } from '../core/state.js'
import type { HttpContext } from './context.js'
import { userOf } from './request-state.js'
import { recordOf, type SessionRecord } from './session-record.js'

/** A request of somebody whose password was accepted. */
export interface Standing {
  readonly status: 'logged-in'
  readonly user: Express.User
  readonly subject: string
  readonly record: SessionRecord
  /** The living grant that this session holds, or `null`. */
  readonly grant: Grant | null
}

/**
 * Reads where the request stands; `login_required` where nobody is logged in, or where a login has
 * waited for its second factor longer than it may.
 */
export async function standingOf(context: HttpContext, req: Request): Promise<Standing | Refusal> {
  const user = userOf(req)
  if (user === null) return refuse('login_required')
  const subject = context.users.subject(user)
  const record = recordOf(req, subject)
  const grant =
    record.grantId === undefined ? null : await context.grants.find(subject, record.grantId)
  if (grant === null && !isPending(context, record)) return refuse('login_required')
  return { status: 'logged-in', user, subject, record, grant }
}

/** Whether the login may still wait; one from a future that the clock has since left may not. */
function isPending({ flow }: HttpContext, { loginAt }: SessionRecord): boolean {
  if (!Number.isFinite(loginAt) || loginAt === undefined) return false
  const now = flow.clock()
  return now < after(loginAt, flow.policy.pendingSeconds) && loginAt <= after(now, clockSkewSeconds)
}
