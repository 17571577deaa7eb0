/** Decides whether a request may skip the second factor. */

import type { Request } from 'express'

import { isRefusal, type Refusal } from '../core/refusal.js'
import type { SubjectState } from '../core/state.js'
import { rowReader } from '../flows/row-reader.js'
import { standingOf, type Standing } from '../flows/standing.js'
import { onBehalfOf, type HttpContext } from './context.js'
import { userOf } from './request-state.js'

/**
 * Returns true if the user may go on without a second factor for as long as the login lasts: either the application
 * waives it, or the user holds no factor and does not have to enrol one yet. If people enrol factors here, nobody is
 * waived through a step-up, because they could enrol one for it.
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

/** The standing of a request's user: asked for a factor, open, or due to enrol one. */
export function standingOfUser(
  context: HttpContext,
  req: Request,
  user: Express.User,
  readRow: () => Promise<SubjectState> = rowReader(context.flow, context.users.subject(user)),
): Promise<Standing | Refusal> {
  return standingOf(onBehalfOf(context, req), user, readRow)
}
