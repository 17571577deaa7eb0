/** Finds the people that operators look up, and reads their state. */

import type { Request } from 'express'

import { AuditUnavailableError } from '../core/errors.js'
import { isActive } from '../core/grant.js'
import { subjectTarget, toSubject } from '../core/subject.js'
import type { HeadlessSecondFactor } from '../flows/headless.js'
import { readState } from '../flows/transition.js'
import type { Person } from '../operations/person.js'
import type { HttpContext } from './context.js'
import { askOption, type OperationsRouterOptions } from './operations-options.js'
import { userOf } from './request-state.js'

/** The headless calls that the pages make. */
export type OperatorCalls = Pick<
  HeadlessSecondFactor<Express.User>,
  | 'status'
  | 'listFactors'
  | 'listDevices'
  | 'history'
  | 'reset'
  | 'resetAttempts'
  | 'revoke'
  | 'health'
>

/** The context of the operators' handlers. */
export interface OperationsContext {
  readonly http: HttpContext
  readonly calls: OperatorCalls
  readonly options: OperationsRouterOptions
}

/** The row key of the user with this id; `null` if there is no such user. */
export async function subjectOfId(
  { http, options }: OperationsContext,
  id: string,
): Promise<string | null> {
  const subject = rowKey(id)
  const { findUser } = options
  if (subject === null || findUser === undefined) return subject
  const user = (await askOption('findUser', () => findUser(id))) ?? null
  return user === null ? null : http.users.subject(user)
}

/** The row key for an operator's search: an id, or something else that a factor can find people by. */
export async function subjectOfSearch(
  context: OperationsContext,
  text: string,
): Promise<string | null> {
  const { http, options } = context
  const byId = await subjectOfId(context, text)
  // Without findUser every id has a row key, so it only wins over the other searches if its row exists.
  const isCertain =
    byId !== null && (options.findUser !== undefined || (await readState(http.flow, byId)) !== null)
  if (isCertain) return byId
  for (const { insight } of http.factors) {
    const found = (await insight?.lookUp?.find(text)) ?? null
    if (found !== null) return found
  }
  return byId
}

/** Reads the state of a person. */
export async function personOf(
  { http, calls }: OperationsContext,
  req: Request,
  subject: string,
): Promise<Person> {
  const target = subjectTarget(subject, undefined)
  const [status, factors, devices, row, history] = await Promise.all([
    calls.status(target),
    calls.listFactors(target),
    calls.listDevices(target),
    readState(http.flow, subject),
    historyOf({ http, calls }, subject),
  ])
  const now = http.flow.clock()
  return {
    ...{ id: subject, status, factors, devices, history },
    grants: (row?.grants ?? []).filter((grant) => isActive(grant, now)).length,
    isSelf: isSelf(http, req, subject),
    isKnown: row !== null,
  }
}

/** An audit log that does not answer must not hide the rest of the page. */
async function historyOf(
  { http, calls }: Pick<OperationsContext, 'http' | 'calls'>,
  subject: string,
): Promise<Person['history']> {
  if (http.flow.audit === undefined) return 'none'
  try {
    return await calls.history(subjectTarget(subject, undefined), { limit: 30 })
  } catch (error) {
    if (error instanceof AuditUnavailableError) return 'unavailable'
    throw error
  }
}

/** Returns true if the row is the operator's own. */
export function isSelf({ users }: HttpContext, req: Request, subject: string): boolean {
  const user = userOf(req)
  return user !== null && users.subject(user) === subject
}

/** The row key for an id; `null` for rows that belong to no user, which this page does not show. */
function rowKey(id: string): string | null {
  try {
    return toSubject(id)
  } catch {
    return null
  }
}
