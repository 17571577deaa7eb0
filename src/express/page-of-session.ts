/** Builds the status page: the page of a factor, or the choice of the first one. */

import type { Request } from 'express'

import { lockedUntil, lockRefusal } from '../core/ledger.js'
import { needRefusal } from '../core/need.js'
import { isRefusal, type Refusal } from '../core/refusal.js'
import type { Instant, Method, SubjectState } from '../core/state.js'
import { availableFactors } from '../flows/factors.js'
import { rowReader } from '../flows/row-reader.js'
import { messagePage } from '../pages/message-page.js'
import type { PageBody, PageLink } from '../pages/page.js'
import type { Wording } from '../pages/wording.js'
import type { Factor } from '../ports/factor.js'
import type { AuthState } from './auth-state.js'
import { chooseFor } from './choose-for.js'
import type { HttpContext } from './context.js'
import { pageOfFactors } from './page-of-factors.js'
import { localeFor } from './negotiate.js'
import { standingOfUser } from './waived.js'

/** A page, and the reason that it shows. */
export interface PageAndReason {
  readonly page: PageBody
  readonly refusal: Refusal | null
}

/**
 * The page of the session's factor, with links to the others. `kept` is the refusal of its form, and `method` the
 * factor that the person has chosen.
 */
export async function pageOfSession(
  context: HttpContext,
  req: Request,
  state: AuthState,
  kept: Refusal | null = null,
  method?: Method,
): Promise<PageAndReason> {
  const { user, subject, record, grant } = state
  const readRow = rowReader(context.flow, subject)
  const row = await readRow()
  const first = method === undefined ? await pageOfFirst(context, req, state, row) : null
  // A kept refusal, such as why no code was sent, is dropped: the page to choose a factor on answers it.
  if (first !== null) {
    // A person who has passed needs to read why they have to set up another factor.
    const { methods } = record
    const insufficient = grant && needRefusal(grant, context.flow.clock(), { methods })
    return isRefusal(first) ? said(first) : { page: first, refusal: insufficient }
  }
  const chosen = await chooseFor(context, state, { method, row: readRow })
  if (isRefusal(chosen)) return said(chosen)
  const { factor } = chosen
  const now = context.flow.clock()
  const needed = needRefusal(grant, now, record)
  const passed = needed === null
  const sessionKey = record.key ?? null
  const {
    page,
    refusal: reason,
    answers,
  } = await factor.page({
    ...{ user, row, now, grant, passed, sessionKey },
    hasChanged: record.hasChanged === true,
    returnTo: record.returnTo ?? context.defaultReturnTo,
    locale: await localeFor(context, req, user),
  })
  const isRunning = factor.view?.(row, now, sessionKey) ?? null
  const isStale = grant !== null && !passed && isRunning === null
  const refused = kept === null || answers?.includes(kept.code) === true ? null : kept
  const stale = isStale ? needed : null
  const locked = factor.isGuessable ? lockOf(row, now, kept) : null
  const links = passed ? undefined : await linksToOthers(context, state, row, factor)
  return {
    page: links === undefined ? page : { ...page, links },
    refusal: locked ?? refused ?? reason ?? stale,
  }
}

/** The refusal while a lock runs; right after the guess that brought the lock, it also says so. */
function lockOf(row: SubjectState, now: Instant, kept: Refusal | null): Refusal | null {
  const lock = lockRefusal(row, now)
  const isNew = lock !== null && kept?.code === 'code_incorrect'
  return isNew ? { ...lock, lockedUntil: lockedUntil(row, now) } : lock
}

function said(refused: Refusal): PageAndReason {
  return { page: messagePage, refusal: refused }
}

/** The page to choose the first factor on, if none is held and people enrol factors themselves; otherwise `null`. */
async function pageOfFirst(
  context: HttpContext,
  req: Request,
  state: AuthState,
  row: SubjectState,
): Promise<PageBody | Refusal | null> {
  const { enrolment, flow } = context
  if (enrolment === null) return null
  const read = () => Promise.resolve(row)
  if (state.grant !== null) {
    const { methods } = state.record
    if (needRefusal(state.grant, flow.clock(), { methods }) === null) return null
    // The user holds none of the factors that the page needs, so one has to be enrolled.
    const held = await availableFactors(flow, state.user, read)
    const wouldDo = held.some(({ method }) => methods?.includes(method) === true)
    return wouldDo ? null : pageOfFactors(context, req, state, row, methods)
  }
  const standing = await standingOfUser(context, req, state.user, read)
  if (isRefusal(standing)) return standing
  if (standing.status === 'asked') return null
  // A person who is adding a factor that sends codes stays at the field for the code.
  const [now, sessionKey] = [flow.clock(), state.record.key ?? null]
  if (context.factors.some((factor) => factor.view?.(row, now, sessionKey))) return null
  // A factor that the application knows but nobody has verified is asked for, which verifies it.
  const available = await availableFactors(context.flow, state.user, read)
  return available.length > 0 ? null : pageOfFactors(context, req, state, row)
}

/** Links to the pages of the other factors that this user can pass by. */
async function linksToOthers(
  { flow, mountPath }: HttpContext,
  { user, record }: AuthState,
  row: SubjectState,
  shown: Factor,
): Promise<((wording: Wording) => readonly PageLink[]) | undefined> {
  const available = await availableFactors<Express.User>(flow, user, () => Promise.resolve(row))
  const others = available.filter(
    ({ kind, method }) =>
      kind !== shown.kind && (record.methods === undefined || record.methods.includes(method)),
  )
  if (others.length === 0) return undefined
  return (wording) =>
    others.map((factor) => ({
      href: `${mountPath}/use/${encodeURIComponent(factor.method)}`,
      text: factor.words?.(wording).use ?? factor.method,
    }))
}
