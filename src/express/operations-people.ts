/** Finds the people that operators look up, and reads how they stand. */

import type { Request } from 'express'

import { AuditUnavailableError } from '../core/errors.js'
import { isActive } from '../core/grant.js'
import { subjectTarget, toSubject } from '../core/subject.js'
import type { HeadlessSecondFactor } from '../flows/headless.js'
import { readState } from '../flows/transition.js'
import { ask } from '../flows/users.js'
import type { Person } from '../operations/person.js'
import type { HttpContext } from './context.js'
import type { OperationsRouterOptions } from './operations-options.js'
import { userOf } from './request-state.js'

/** The calls that the pages make. */
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

/** What the handlers work with. */
export interface OperationsContext {
  readonly http: HttpContext
  readonly calls: OperatorCalls
  readonly options: OperationsRouterOptions
}

/** The key of the row of the user with this id; `null` where nobody has it. */
export async function subjectOfId(
  { http, options }: OperationsContext,
  id: string,
): Promise<string | null> {
  const subject = rowKey(id)
  const { findUser } = options
  if (subject === null || findUser === undefined) return subject
  const user = (await ask('findUser', () => findUser(id))) ?? null
  return user === null ? null : http.users.subject(user)
}

/** The key of the row that an operator means who has typed an id, or something else that a factor finds people by. */
export async function subjectOfSearch(
  context: OperationsContext,
  text: string,
): Promise<string | null> {
  const { http, options } = context
  const byId = await subjectOfId(context, text)
  // Without findUser every id has a row's key: then only one that is kept counts before the other ways.
  const isCertain =
    byId !== null && (options.findUser !== undefined || (await readState(http.flow, byId)) !== null)
  if (isCertain) return byId
  for (const { insight } of http.factors) {
    const found = (await insight?.lookUp?.find(text)) ?? null
    if (found !== null) return found
  }
  return byId
}

/** Reads how a person stands. */
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
    passes: (row?.grants ?? []).filter((grant) => isActive(grant, now)).length,
    isSelf: isSelf(http, req, subject),
    isKnown: row !== null,
  }
}

/** A log that is away must not hide how the person stands. */
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

/** Whether the row is that of the operator. */
export function isSelf({ users }: HttpContext, req: Request, subject: string): boolean {
  const user = userOf(req)
  return user !== null && users.subject(user) === subject
}

/** The key of a row as an id spells it; rows of no user are not for this page. */
function rowKey(id: string): string | null {
  try {
    return toSubject(id)
  } catch {
    return null
  }
}
