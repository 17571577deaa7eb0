/** Judges a code for a session, and raises the session on the right one. */

import type { Request } from 'express'

import type { Success } from '../core/challenge.js'
import { maskPhone } from '../core/mask.js'
import { isRefusal, refuse, type Refusal } from '../core/refusal.js'
import type { Challenge, Grant, Purpose } from '../core/state.js'
import { passedView, type PassedView } from '../core/view.js'
import { emit } from '../flows/context.js'
import { endGrant } from '../flows/grants.js'
import { tellReplaced } from '../flows/tell-replaced.js'
import { verifyChallenge } from '../flows/verify-challenge.js'
import type { HttpContext } from './context.js'
import { localeFor } from './negotiate.js'
import { passedBy } from './request-state.js'
import { isSessionAlive, recordOf, rotateSession, setRecord } from './session-record.js'
import type { Standing } from './standing.js'

/** The answer to a right code. */
export interface Passed extends PassedView {
  readonly status: 'passed'
  /** A path of this origin: the page the person was on the way to. */
  readonly returnTo: string
}

/**
 * Judges the code against the challenge that this session holds. On the right one the session gets a
 * new id and the grant, and is written out before this settles; where that fails, nobody has passed.
 */
export async function passSession(
  context: HttpContext,
  req: Request,
  standing: Standing,
  purpose: Purpose,
  code: string,
): Promise<Success | Refusal> {
  const { subject, record, grant: earlier } = standing
  const outcome = await verifyChallenge(context.flow, {
    subject,
    purpose,
    code,
    challengeId: record.challengeId ?? null,
    holder: { replacedGrantId: earlier?.id ?? null },
  })
  if (isRefusal(outcome)) return outcome
  context.grants.forget(subject)
  const { grant, challenge } = outcome
  const { loginAt, returnTo, keptFields } = record
  const kept = { subject, loginAt, returnTo, keptFields }
  let replaced: string | null
  try {
    const number = (await isSessionAlive(req))
      ? await keepNumber(context, standing, challenge)
      : refuse('login_required')
    if (isRefusal(number)) {
      await endGrant(context.flow, subject, grant.id, 'login')
      return number
    }
    replaced = number.replaced
    await rotateSession(req, { ...kept, grantId: grant.id })
  } catch (error) {
    // Nobody may come to hold a grant whose session was not written; the code stays used.
    await endGrant(context.flow, subject, grant.id, 'login').catch(() => undefined)
    // express-session tries to write the session once more as the request ends.
    if (recordOf(req, subject).grantId === grant.id) setRecord(req, kept)
    throw error
  }
  req.secondFactor = passedBy(grant)
  if (replaced !== null) {
    const locale = await localeFor(context, req, standing.user)
    // Nobody waits for it: a sender may be slow, and this answer brings the session's new id.
    void tellReplaced(context.flow, subject, replaced, challenge.destination, locale)
  }
  return outcome
}

/** As `passSession` for a sign-in; but a session that has passed keeps its grant on a second click. */
export async function confirmSignIn(
  context: HttpContext,
  req: Request,
  standing: Standing,
  code: string,
): Promise<Grant | Refusal> {
  const { grant, record } = standing
  if (grant !== null && record.challengeId === undefined) return grant
  const outcome = await passSession(context, req, standing, 'sign-in', code)
  if (!isRefusal(outcome)) return outcome.grant
  const stays = grant !== null && outcome.code === 'no_challenge'
  return (stays ? await context.grants.find(standing.subject, grant.id) : null) ?? outcome
}

/** What a passed session is told; again and again, until it goes. */
export function passedAnswer(context: HttpContext, standing: Standing, grant: Grant): Passed {
  const returnTo = standing.record.returnTo ?? context.defaultReturnTo
  return { status: 'passed', ...passedView(grant), returnTo }
}

/** What became of the number that a right code has proved. */
interface KeptNumber {
  readonly status: 'kept'
  /** The confirmed number whose place it took. */
  readonly replaced: string | null
}

/** Has the application keep the number that the right code has just proved, or says why it proved nothing. */
async function keepNumber(
  context: HttpContext,
  { user, subject }: Standing,
  { purpose, destination }: Challenge,
): Promise<KeptNumber | Refusal> {
  const { users } = context
  const current = await users.destination(user)
  const earlier = current.status === 'found' ? current : null
  if (purpose === 'sign-in') {
    // The application has replaced the number since: whoever holds the old one is not the person any more.
    if (earlier?.number !== destination) return refuse('no_challenge')
    if (earlier.confirmed) return { status: 'kept', replaced: null }
  }
  if (!users.keepsPhones) return { status: 'kept', replaced: null }
  await users.setVerifiedPhone(user, destination)
  emit(context.flow, { type: 'phone_verified', subject, destination: maskPhone(destination) })
  const isReplaced = earlier?.confirmed === true && earlier.number !== destination
  return { status: 'kept', replaced: isReplaced ? earlier.number : null }
}
