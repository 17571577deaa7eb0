/** The authentication state of a request: the user, the age of the login, and the active grant, if there is one. */

import type { Request } from 'express'
import type {} from 'passport'

import { deviceMethod } from '../core/devices.js'
import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import { after, maxSkewSeconds, type Grant } from '../core/state.js'
import { noteInstant } from '../flows/clock-skew.js'
import { factorOf } from '../flows/factors.js'
import { rowReader } from '../flows/row-reader.js'
import type { HttpContext } from './context.js'
import { userOf } from './request-state.js'
import { recordOf, type SessionRecord } from './session-record.js'
import { standingOfUser } from './waived.js'

/** The state of a request whose user has given the right password. */
export interface AuthState {
  readonly status: 'logged-in'
  readonly user: Express.User
  readonly subject: string
  readonly record: SessionRecord
  /** The active grant that this session holds, or `null`. */
  readonly grant: Grant | null
}

/**
 * Reads the state of a request; `login_required` if nobody is logged in, or if the login has waited too long for its
 * second factor.
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
  const { pendingSeconds } = context.flow.policy
  const isOver = grant === null && !isPending(context, record, pendingSeconds)
  if (isOver && !(await isEnrolling(context, req, user, record))) {
    return refusal('login_required')
  }
  if (grant === null && (await isLoggedOut(context, subject, record))) {
    return refusal('login_required')
  }
  return { status: 'logged-in', user, subject, record, grant }
}

/** A grant whose method is not configured here is ignored: its strength is unknown. */
async function activeGrant(
  { grants, flow, trust }: HttpContext,
  subject: string,
  { grantId }: SessionRecord,
): Promise<Grant | null> {
  const grant = grantId === undefined ? null : await grants.find(subject, grantId)
  if (grant === null) return null
  const isKnown =
    grant.method === deviceMethod ? trust !== null : factorOf(flow, grant.method) !== undefined
  return isKnown ? grant : null
}

/**
 * Returns true if the login may still wait for its second factor. A server whose clock is slightly ahead may have
 * accepted it in our future; logins from further ahead are rejected.
 */
function isPending({ flow }: HttpContext, { loginAt }: SessionRecord, seconds: number): boolean {
  if (!Number.isFinite(loginAt) || loginAt === undefined) return false
  const now = flow.clock()
  if (loginAt > after(now, maxSkewSeconds)) return false
  noteInstant(flow, loginAt)
  return now < after(loginAt, seconds)
}

/**
 * Returns true if this session's grant was ended alone, as a logout does. A logout that came in while the session got
 * its new id could end only the grant, not the session. A revocation or a change of factors raises the row's epoch
 * instead.
 */
async function isLoggedOut(
  { flow }: HttpContext,
  subject: string,
  { grantId, epoch }: SessionRecord,
): Promise<boolean> {
  if (grantId === undefined || epoch === undefined) return false
  const row = await rowReader(flow, subject)()
  return row.epoch === epoch && !row.grants.some(({ id }) => id === grantId)
}

/** Returns true if somebody who holds no factor still has time to enrol one, such as to install an app. */
async function isEnrolling(
  context: HttpContext,
  req: Request,
  user: Express.User,
  record: SessionRecord,
): Promise<boolean> {
  const { enrolment, flow } = context
  if (enrolment === null || !isPending(context, record, flow.policy.enrolmentSeconds)) return false
  const standing = await standingOfUser(context, req, user)
  return !isRefusal(standing) && standing.status !== 'asked'
}
