/** The router's endpoints for a number: enrol the first one, or change a confirmed one. */

import type { Request, Response } from 'express'

import { isFresh } from '../core/grant.js'
import { maskPhone } from '../core/phone.js'
import { isRefusal, refuse, type Refusal } from '../core/refusal.js'
import { readBody, readCode, readField } from './body.js'
import { startAndAnswer } from './challenge-handlers.js'
import type { HttpContext } from './context.js'
import type { LoggedInWork } from './logged-in.js'
import { wantsPage } from './negotiate.js'
import { passedAnswer, passSession } from './pass.js'
import type { Standing } from './standing.js'
import { phoneChangeSeconds } from './status.js'

/** `POST {mount}/phone`: sends a code to the new number. */
export function sendToNewPhone(context: HttpContext): LoggedInWork {
  return async (req, res, standing) => {
    const body = await readBody(req, res)
    if (isRefusal(body)) return body
    const field = readField(body, 'phone')
    if (isRefusal(field)) return field
    const refusal = changeRefusal(context, standing, await isConfirmed(context, standing))
    if (refusal !== null) return refusal
    const phone = context.parsePhone(field.text)
    const target = isRefusal(phone) ? phone : phone.number
    return startAndAnswer(context, req, res, standing, 'phone-verification', target)
  }
}

/** `POST {mount}/phone/verify`: on the right code the number is the user's. */
export function verifyNewPhone(context: HttpContext): LoggedInWork {
  return async (req, res, standing) => {
    const body = await readBody(req, res)
    if (isRefusal(body)) return body
    const code = readCode(body, 'code', context.flow.policy.digits)
    if (isRefusal(code)) return code
    // Another session may have confirmed a number since this one asked; then a password is not enough.
    const changes = await isConfirmed(context, standing)
    if (changes && standing.grant === null) return refuse('second_factor_required')
    const outcome = await passSession(context, req, standing, 'phone-verification', code.text)
    if (isRefusal(outcome)) return outcome
    answer(
      context,
      req,
      res,
      standing,
      outcome.challenge.destination,
      changes ? null : outcome.grant,
    )
    return null
  }
}

function answer(
  context: HttpContext,
  req: Request,
  res: Response,
  standing: Standing,
  number: string,
  firstGrant: Standing['grant'],
): void {
  const { status: _passed, ...passed } =
    firstGrant === null ? { status: null } : passedAnswer(context, standing, firstGrant)
  const returnTo = standing.record.returnTo ?? context.defaultReturnTo
  if (wantsPage(req)) res.redirect(303, returnTo)
  else res.json({ status: 'verified', phone: maskPhone(number), ...passed })
}

async function isConfirmed(context: HttpContext, { user }: Standing): Promise<boolean> {
  const current = await context.users.destination(user)
  // A number on record that can no longer be parsed was still somebody's factor.
  return current.status === 'found' ? current.confirmed : current.code !== 'destination_missing'
}

/** Changing a confirmed number takes a fresh second factor; a first number takes the password alone. */
function changeRefusal(
  context: HttpContext,
  { grant }: Standing,
  confirmed: boolean,
): Refusal | null {
  if (!confirmed) return null
  if (grant === null) return refuse('second_factor_required')
  const fresh = isFresh(grant, context.flow.clock(), phoneChangeSeconds)
  return fresh ? null : refuse('second_factor_stale')
}
