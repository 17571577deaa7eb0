/** Judges evidence for a session, which passes on a right answer. */

import type { Request } from 'express'

import type { NewDevice } from '../core/devices.js'
import { isWithin } from '../core/grant.js'
import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import type { Grant, Purpose, SubjectState } from '../core/state.js'
import type { PassedView } from '../core/view.js'
import { passedView } from '../flows/factors.js'
import { endSession } from '../flows/grants.js'
import { rowReader } from '../flows/row-reader.js'
import { emitPassed, verify, type Success } from '../flows/verify.js'
import type { Factor } from '../ports/factor.js'
import { pageToReturnTo } from './address.js'
import type { AuthState } from './auth-state.js'
import type { HttpContext } from './context.js'
import { logOut } from './lead-to-login.js'
import { localeFor } from './negotiate.js'
import { passedBy } from './request-state.js'
import { recordOf, rotateSession, sessionExists, setRecord } from './session-record.js'

/** The response to a right answer. */
export interface Passed extends PassedView {
  readonly status: 'passed'
  /** A path of this origin: the page that the person was going to. */
  readonly returnTo: string
}

/** Evidence, and its factor. */
export interface Evidence {
  readonly factor: Factor
  readonly evidence: unknown
  readonly purpose: Purpose
  /** A device to trust from now on. */
  readonly trust?: NewDevice | null | undefined
  /** The row, if it was just read. */
  readonly row?: SubjectState | null | undefined
}

/**
 * Judges evidence in a session. After a right answer the session gets a new id and the grant, and is saved before this
 * settles; if the save fails, the session has not passed.
 */
export async function passSession(
  context: HttpContext,
  req: Request,
  state: AuthState,
  { factor, evidence, purpose, trust, row }: Evidence,
): Promise<Success | Refusal> {
  const { user, subject, record, grant: earlier } = state
  const outcome = await verify(context.flow, {
    ...{ subject, factor, evidence, purpose, trust, row },
    prepared: await factor.prepare?.(user),
    sessionKey: record.key ?? null,
    grantId: earlier?.id ?? null,
    clientIp: req.ip,
    holder: { replacedGrantId: earlier?.id ?? null },
  })
  if (isRefusal(outcome)) return outcome
  context.grants.forget(subject)
  const { grant, epoch } = outcome
  const { key, loginAt, returnTo, stoppedAt, keptFields, cancelTo } = record
  // A form that was stopped for this step-up is filled in again.
  const refused = record.refusal?.typed === undefined ? undefined : record.refusal
  const kept = {
    subject,
    key,
    loginAt,
    returnTo,
    stoppedAt,
    keptFields,
    cancelTo,
    refusal: refused,
  }
  let afterwards: (() => void) | undefined
  try {
    const completed = (await areLost(context, state, outcome))
      ? refusal('factors_lost')
      : await complete(context, req, state, factor, outcome)
    if (isRefusal(completed)) {
      await endSession(context.flow, subject, { grantId: grant.id }, 'login')
      return completed
    }
    afterwards = completed.afterwards
    // A logout may have come in meanwhile.
    if (!(await rotateSession(req, { ...kept, grantId: grant.id, epoch }))) {
      await endSession(context.flow, subject, { grantId: grant.id }, 'login')
      return refusal('login_required')
    }
    // A logout during the change of the id found the session under its old id, and ended only the grant.
    if (!(await isGranted(context, subject, grant))) {
      await logOut(req)
      return refusal('login_required')
    }
  } catch (error) {
    // No session may hold a grant if its record was not saved; the evidence stays used.
    await endSession(context.flow, subject, { grantId: grant.id }, 'login').catch(() => undefined)
    // express-session tries to save the session again as the request ends.
    if (recordOf(req, subject).grantId === grant.id) setRecord(req, kept)
    throw error
  }
  req.secondFactor = passedBy(context, grant)
  emitPassed(context.flow, subject, outcome)
  // Not awaited: it may be slow, and this response carries the session's new id.
  afterwards?.()
  return outcome
}

/** Returns true if the store has the grant, ignoring what was read before. */
async function isGranted({ flow }: HttpContext, subject: string, { id }: Grant): Promise<boolean> {
  const row = await rowReader(flow, subject)()
  return row.grants.some((grant) => grant.id === id)
}

/**
 * Returns true if the application remembers factors that the row has lost: evidence of another kind then proves
 * nothing.
 */
async function areLost(
  { enrolment, users }: HttpContext,
  { user }: AuthState,
  { holdsNothing, purpose }: Success,
): Promise<boolean> {
  return enrolment !== null && purpose === 'sign-in' && holdsNothing && users.hasFactors(user)
}

/** Lets the factor store what a right answer has proved. */
async function complete(
  context: HttpContext,
  req: Request,
  { user, subject }: AuthState,
  factor: Factor,
  { purpose, proof }: Success,
): Promise<{ readonly afterwards?: (() => void) | undefined } | Refusal> {
  if (factor.complete === undefined) return {}
  const locale = await localeFor(context, req, user)
  const isLoggedIn = () => sessionExists(req)
  return factor.complete({ user, subject, purpose, proof, locale, isLoggedIn })
}

/** As `passSession` for a sign-in, but a second click in a session that has passed keeps its grant. */
export async function passSignIn(
  context: HttpContext,
  req: Request,
  state: AuthState,
  evidence: Omit<Evidence, 'purpose'>,
): Promise<Pass | Refusal> {
  const { grant } = state
  if (grant !== null && !(await isAsked(context, state, evidence))) return { grant, facts: {} }
  const outcome = await passSession(context, req, state, { ...evidence, purpose: 'sign-in' })
  if (!isRefusal(outcome) || grant === null || outcome.code !== 'code_used') return outcome
  const isSecondClick =
    grant.method === evidence.factor.method &&
    isWithin(grant, context.flow.clock(), secondClickSeconds)
  return isSecondClick ? { grant, facts: {} } : outcome
}

/** The grant of a session that has passed, and further facts for the response. */
type Pass = Pick<Success, 'grant' | 'facts'>

/** The same code within this time is a second click: no app shows it for longer. */
const secondClickSeconds = 90

/**
 * Returns true if this session is asked for evidence: a factor would judge it, or a challenge of any purpose runs. A
 * challenge for an enrolment must not be hidden by a pass.
 */
async function isAsked(
  { flow, factors }: HttpContext,
  { subject, record }: AuthState,
  { factor, evidence }: Omit<Evidence, 'purpose'>,
): Promise<boolean> {
  // Evidence of a factor that sends nothing can always be given, so it is always judged.
  if (factor.start === undefined) return true
  const row = await rowReader(flow, subject)()
  const now = flow.clock()
  const sessionKey = record.key ?? null
  const verdict = factor.judge(row, now, { evidence, purpose: 'sign-in', sessionKey })
  if (!isRefusal(verdict) || verdict.code !== 'no_challenge') return true
  return factors.some((each) => (each.view?.(row, now, sessionKey) ?? null) !== null)
}

/** The response for a session that has passed; safe to repeat. */
export function passedAnswer(
  context: HttpContext,
  state: AuthState,
  { grant, facts }: Pass,
): Passed {
  const returnTo = pageToReturnTo(context, state.record.returnTo) ?? context.defaultReturnTo
  return { status: 'passed', ...passedView(context.flow, grant), ...facts, returnTo }
}
