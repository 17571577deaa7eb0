/** Decides whether a request may skip the second factor. */

import type { Request } from 'express'

import { isRefusal, type Refusal } from '../core/refusal.js'
import { rowReader } from '../flows/factors.js'
import { standingOf, type Standing } from '../flows/standing.js'
import { onBehalfOf, type HttpContext } from './context.js'
import { userOf } from './request-state.js'

/**
 * Whether the user may go on without, for as long as the login lasts: the application waives the second factor, or
 * none is held and none is required yet. A step-up opens to nobody who could enrol a factor for it.
 */
export async function isWaived(
  context: HttpContext,
  req: Request,
  isStepUp: boolean,
): Promise<boolean | Refusal> {
  const user = userOf(req)
  if (user === null) return false
  const standing = await standingOfUser(context, req, user)
  if (isRefusal(standing)) return standing
  return standing.status === 'open' && !(isStepUp && context.enrolment !== null)
}

/** Where the user of a request stands. */
export function standingOfUser(
  context: HttpContext,
  req: Request,
  user: Express.User,
  readRow = rowReader(context.flow, context.users.subject(user)),
): Promise<Standing | Refusal> {
  return standingOf(onBehalfOf(context, req), user, readRow)
}
