/** Judges a code for a session, and raises the session on the right one. */

import type { Request } from 'express'

import type { Success } from '../core/challenge.js'
import { maskPhone } from '../core/phone.js'
import { isRefusal, type Refusal } from '../core/refusal.js'
import type { Challenge, Grant, Purpose } from '../core/state.js'
import { passedView, type PassedView } from '../core/view.js'
import { emit } from '../flows/context.js'
import { endGrant } from '../flows/grants.js'
import { verifyChallenge } from '../flows/verify-challenge.js'
import type { HttpContext } from './context.js'
import { passedBy } from './request-state.js'
import { rotateSession } from './session-record.js'
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
  try {
    await keepNumber(context, standing, challenge)
    const { loginAt, returnTo } = record
    await rotateSession(req, { subject, loginAt, returnTo, grantId: grant.id })
  } catch (error) {
    // Nobody may come to hold a grant whose session was not written; the code stays used.
    await endGrant(context.flow, subject, grant.id, 'login').catch(() => undefined)
    throw error
  }
  req.secondFactor = passedBy(grant)
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
  return grant !== null && outcome.code === 'no_challenge' ? grant : outcome
}

/** What a passed session is told; again and again, until it goes. */
export function passedAnswer(context: HttpContext, standing: Standing, grant: Grant): Passed {
  const returnTo = standing.record.returnTo ?? context.defaultReturnTo
  return { status: 'passed', ...passedView(grant), returnTo }
}

/** Has the application keep the number that the right code has just proved. */
async function keepNumber(
  context: HttpContext,
  { user, subject }: Standing,
  challenge: Challenge,
): Promise<void> {
  const { users } = context
  if (!users.keepsPhones) return
  if (challenge.purpose === 'sign-in') {
    const current = await users.destination(user)
    const unconfirmed = current.status === 'found' && !current.confirmed
    if (!unconfirmed || current.number !== challenge.destination) return
  }
  await users.setVerifiedPhone(user, challenge.destination)
  emit(context.flow, {
    type: 'phone_verified',
    subject,
    destination: maskPhone(challenge.destination),
  })
}
