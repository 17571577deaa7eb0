/** The state of a request: who logged in, how long ago, and whether the session holds an active grant. */

import type { Request } from 'express'
import type {} from 'passport'

import { deviceMethod } from '../core/devices.js'
import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import { after, maxSkewSeconds, type Grant } from '../core/state.js'
import { noteInstant } from '../flows/clock-skew.js'
import { factorOf, rowReader } from '../flows/factors.js'
import type { HttpContext } from './context.js'
import { userOf } from './request-state.js'
import { recordOf, type SessionRecord } from './session-record.js'
import { standingOfUser } from './waived.js'

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

/** A grant of a method that is not configured here says nothing: nobody knows what it is worth. */
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
 * Whether the login may still wait for its second factor. One that a server with another clock has just accepted does;
 * logins from a further future are rejected.
 */
function isPending({ flow }: HttpContext, { loginAt }: SessionRecord, seconds: number): boolean {
  if (!Number.isFinite(loginAt) || loginAt === undefined) return false
  const now = flow.clock()
  if (loginAt > after(now, maxSkewSeconds)) return false
  noteInstant(flow, loginAt)
  return now < after(loginAt, seconds)
}

/**
 * Whether the grant of the session was ended by itself, as a logout ends it: one that came while the session got a new
 * id could not end the session as well. A revocation, or another factor, ends all grants of the row's epoch instead.
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

/** Whether somebody who holds nothing yet still has time to enrol: an app has to be installed first. */
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
