/** Endpoints that prove control of a number, for applications without a login. They answer JSON alone. */

import express, { type Request, type Response, type Router } from 'express'

import { ConfigurationError } from '../core/errors.js'
import type { Phone } from '../core/phone.js'
import { isRefusal, refuse, type Refusal, type RefusalCode } from '../core/refusal.js'
import { startPhoneVerification, verifyPhone } from '../flows/verify-phone.js'
import { readBody, readCode, readField, type Body } from './body.js'
import type { HttpContext } from './context.js'
import { localeOf } from './negotiate.js'
import { crossSiteRefusal } from './origin-check.js'
import { faultRefusal, sendProblem } from './respond.js'

/** Where these endpoints differ from the router's: here a number and its code are one request's data. */
const statuses: Readonly<Partial<Record<RefusalCode, number>>> = {
  destination_invalid: 400,
  code_incorrect: 400,
  code_expired: 400,
  no_challenge: 400,
  attempts_exhausted: 400,
}

/** Answers the request itself and returns `null`, or leaves the answer to a refusal. */
type Work = (req: Request, res: Response, body: Body) => Promise<Refusal | null>

/**
 * Makes the router. It needs no session, and sees no user before the right code.
 *
 * @throws ConfigurationError where users cannot be found by their numbers, or numbers not be kept.
 */
export function createPhoneVerificationRouter(context: HttpContext): Router {
  if (!context.users.findsPhones) {
    throw new ConfigurationError(
      'phoneVerificationRouter() needs users.findByPhone and users.setVerifiedPhone; give both',
    )
  }
  const router = express.Router()
  const route = (path: string, work: Work) => {
    router.all(path, (req, res, next) => {
      answer(context, req, res, work).catch(next)
    })
  }
  route('/generate', generate(context))
  route('/verify', verify(context))
  return router
}

/** `POST {otp}/generate`: sends a code to the number. */
function generate(context: HttpContext): Work {
  return async (req, res, body) => {
    const phone = readPhone(context, body)
    if (isRefusal(phone)) return phone
    const asker = { locale: localeOf(context, req), clientIp: req.ip }
    const sent = await startPhoneVerification(context.flow, phone.number, asker)
    if (isRefusal(sent)) return sent
    res.json({ message: 'A code was sent to the number.', expires_in: sent.expiresInSeconds })
    return null
  }
}

/** `POST {otp}/verify`: on the right code the user with this number is marked verified. */
function verify(context: HttpContext): Work {
  return async (_req, res, body) => {
    const phone = readPhone(context, body)
    if (isRefusal(phone)) return phone
    const code = readCode(body, 'otp', context.flow.policy.digits)
    if (isRefusal(code)) return code
    const verified = await verifyPhone(context.flow, context.users, phone.number, code.text)
    if (isRefusal(verified)) return verified
    res.json({ message: 'The number is verified.' })
    return null
  }
}

function readPhone(context: HttpContext, body: Body): Phone | Refusal {
  const field = readField(body, 'phone_number')
  return isRefusal(field) ? field : context.parsePhone(field.text)
}

async function answer(
  context: HttpContext,
  req: Request,
  res: Response,
  work: Work,
): Promise<void> {
  res.set('Cache-Control', 'no-store')
  const refusal = await refusalOf(context, req, res, work).catch((error: unknown) => {
    const fault = faultRefusal(context, error)
    if (fault === null) throw error
    return fault
  })
  if (refusal !== null) sendProblem(res, refusal, { status: statuses[refusal.code] })
}

async function refusalOf(
  context: HttpContext,
  req: Request,
  res: Response,
  work: Work,
): Promise<Refusal | null> {
  const crossSite = crossSiteRefusal(req, context.origins)
  if (crossSite !== null) return crossSite
  if (req.method !== 'POST') {
    res.set('Allow', 'POST')
    return refuse('method_not_allowed')
  }
  const body = await readBody(req, res)
  return isRefusal(body) ? body : work(req, res, body)
}
