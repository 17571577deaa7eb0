/** Judges evidence for a session, and has the session pass on a right answer. */

import type { Request } from 'express'

import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import type { Grant, Purpose } from '../core/state.js'
import type { PassedView } from '../core/view.js'
import { passedView, rowReader } from '../flows/factors.js'
import { endSession } from '../flows/grants.js'
import { verify, type Success } from '../flows/verify.js'
import type { Factor } from '../ports/factor.js'
import { pageToReturnTo } from './address.js'
import type { AuthState } from './auth-state.js'
import type { HttpContext } from './context.js'
import { localeFor } from './negotiate.js'
import { passedBy } from './request-state.js'
import { recordOf, rotateSession, sessionExists, setRecord } from './session-record.js'

/** The response to a right answer. */
export interface Passed extends PassedView {
  readonly status: 'passed'
  /** A path of this origin: the page the person was on the way to. */
  readonly returnTo: string
}

/** Evidence, and the factor it is of. */
export interface Evidence {
  readonly factor: Factor
  readonly evidence: unknown
  readonly purpose: Purpose
}

/**
 * Judges evidence in a session. On a right answer the session gets a new id and the grant, and is written
 * before this settles; where that fails, nobody has passed.
 */
export async function passSession(
  context: HttpContext,
  req: Request,
  state: AuthState,
  { factor, evidence, purpose }: Evidence,
): Promise<Success | Refusal> {
  const { subject, record, grant: earlier } = state
  const outcome = await verify(context.flow, {
    ...{ subject, factor, evidence, purpose },
    challengeId: record.challengeId ?? null,
    holder: { replacedGrantId: earlier?.id ?? null },
  })
  if (isRefusal(outcome)) return outcome
  context.grants.forget(subject)
  const { grant } = outcome
  const { loginAt, returnTo, keptFields } = record
  const kept = { subject, loginAt, returnTo, keptFields }
  let afterwards: (() => void) | undefined
  try {
    const completed = (await sessionExists(req))
      ? await complete(context, req, state, factor, outcome)
      : refusal('login_required')
    if (isRefusal(completed)) {
      await endSession(context.flow, subject, { grantId: grant.id }, 'login')
      return completed
    }
    afterwards = completed.afterwards
    // What the factor has just done may have taken so long that a logout came in between.
    if (!(await rotateSession(req, { ...kept, grantId: grant.id }))) {
      await endSession(context.flow, subject, { grantId: grant.id }, 'login')
      return refusal('login_required')
    }
  } catch (error) {
    // Nobody may come to hold a grant whose session was not written; the evidence stays used.
    await endSession(context.flow, subject, { grantId: grant.id }, 'login').catch(() => undefined)
    // express-session tries to write the session once more as the request ends.
    if (recordOf(req, subject).grantId === grant.id) setRecord(req, kept)
    throw error
  }
  req.secondFactor = passedBy(context, grant)
  // Nobody waits for it: it may be slow, and this answer carries the session's new id.
  afterwards?.()
  return outcome
}

/** Has the factor keep what a right answer has proved. */
async function complete(
  context: HttpContext,
  req: Request,
  { user, subject }: AuthState,
  factor: Factor,
  { purpose, proof }: Success,
): Promise<{ readonly afterwards?: (() => void) | undefined } | Refusal> {
  if (factor.complete === undefined) return {}
  const locale = await localeFor(context, req, user)
  return factor.complete({ user, subject, purpose, proof, locale })
}

/** As `passSession` for a sign-in; but a session that has passed keeps its grant on a second click. */
export async function passSignIn(
  context: HttpContext,
  req: Request,
  state: AuthState,
  evidence: Omit<Evidence, 'purpose'>,
): Promise<Grant | Refusal> {
  const { grant, record } = state
  if (grant !== null && record.challengeId === undefined && evidence.factor.start !== undefined) {
    return grant
  }
  const outcome = await passSession(context, req, state, { ...evidence, purpose: 'sign-in' })
  if (!isRefusal(outcome)) return outcome.grant
  const stays =
    grant !== null && outcome.code === 'no_challenge' && !(await isChallengeRunning(context, state))
  return (stays ? await context.grants.find(state.subject, grant.id) : null) ?? outcome
}

/** Whether a challenge of this session runs, for whatever purpose: an enrolment's is not to be hidden by a pass. */
async function isChallengeRunning(
  { flow, factors }: HttpContext,
  { subject, record }: AuthState,
): Promise<boolean> {
  const row = await rowReader(flow, subject)()
  const challengeId = record.challengeId ?? null
  return factors.some((factor) => (factor.view?.(row, flow.clock(), challengeId) ?? null) !== null)
}

/** The response for a session that has passed; safe to repeat. */
export function passedAnswer(context: HttpContext, state: AuthState, grant: Grant): Passed {
  const returnTo = pageToReturnTo(context, state.record.returnTo) ?? context.defaultReturnTo
  return { status: 'passed', ...passedView(context.flow, grant), returnTo }
}
