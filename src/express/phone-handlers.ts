/** The router's endpoints for a number: enrol the first one, or change a confirmed one. */

import type { Request, Response } from 'express'

import { isFresh } from '../core/grant.js'
import { maskPhone } from '../core/mask.js'
import { isRefusal, refuse, type Refusal } from '../core/refusal.js'
import { readState } from '../flows/transition.js'
import { readBody, readCode, readField } from './body.js'
import { startAndAnswer } from './challenge-handlers.js'
import { challengeUrl, type HttpContext } from './context.js'
import type { LoggedInWork, PageOfRefusal } from './logged-in.js'
import { wantsPage } from './negotiate.js'
import { passedAnswer, passSession } from './pass.js'
import { sendPage } from './send-page.js'
import type { Standing } from './standing.js'
import { phonePage, statusOfSession } from './status.js'
import { keepWayBack } from './way-back.js'

/** Changing a confirmed number needs a second factor passed within this time (OWASP ASVS 5, 7.5.1). */
const phoneChangeSeconds = 300

/** However long codes live, a change of number that began in time has to be typed within this. */
const longestTypingSeconds = 600

/** `GET {mount}/phone`, a page alone: asks for a number, after a fresh code where one is needed. */
export function showPhone(context: HttpContext): LoggedInWork {
  return async (req, res, standing) => {
    if ((await changeRefusal(context, standing)) === null) {
      const destination = await context.users.destination(standing.user)
      await sendPage(context, req, res, phonePage(context, destination))
      return null
    }
    await keepWayBack(context, req, res, standing, { maxAgeSeconds: phoneChangeSeconds })
    res.redirect(303, challengeUrl(context))
    return null
  }
}

/** A refused number is asked for again, with what was typed; what stands before that is the code's page's to tell. */
export function pageOfPhone(context: HttpContext): PageOfRefusal {
  return async (req, standing, refusal) => {
    const { page } = await statusOfSession(context, standing)
    const isAboutNumber = /^(?:malformed|destination|delivery)_/.test(refusal.code)
    if (!isAboutNumber) return page
    const typed: unknown = (req.body as { phone?: unknown } | undefined)?.phone
    const destination = await context.users.destination(standing.user)
    return phonePage(
      context,
      destination,
      typeof typed === 'string' ? context.spellPhone(typed) : '',
    )
  }
}

/** `POST {mount}/phone`: sends a code to the new number. */
export function sendToNewPhone(context: HttpContext): LoggedInWork {
  return async (req, res, standing) => {
    const body = await readBody(req, res)
    if (isRefusal(body)) return body
    const field = readField(body, 'phone')
    if (isRefusal(field)) return field
    const phone = context.parsePhone(field.text)
    const allowed = isRefusal(phone) ? phone : phone.number
    const target = (await changeRefusal(context, standing)) ?? allowed
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
    const changes = await context.users.hasConfirmedPhone(standing.user)
    // A number may have been confirmed elsewhere since this session asked; then a password is not enough. And
    // a change that began in time may take as long as one code lives, however often codes are sent again.
    const { codeLifetimeSeconds, graceSeconds } = context.flow.policy
    const typing = Math.min(codeLifetimeSeconds + graceSeconds, longestTypingSeconds)
    const longest = phoneChangeSeconds + typing
    const late = changes ? ageRefusal(context, standing, longest) : null
    if (late !== null && (await confirmsPhone(context, standing))) return late
    const onward = pastPhonePage(context, standing)
    const outcome = await passSession(context, req, onward, 'phone-verification', code.text)
    if (isRefusal(outcome)) return outcome
    const { challenge, grant } = outcome
    answer(context, req, res, onward, challenge.destination, changes ? null : grant)
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

/** Whoever was on the way to the page that asks for a number has been there. */
function pastPhonePage({ mountPath }: HttpContext, standing: Standing): Standing {
  const { record } = standing
  const isThere = record.returnTo?.split('?')[0] === `${mountPath}/phone`
  return isThere ? { ...standing, record: { ...record, returnTo: undefined } } : standing
}

/** Whether the session holds a running confirmation of a number. */
async function confirmsPhone(
  context: HttpContext,
  { subject, record }: Standing,
): Promise<boolean> {
  const running = (await readState(context.flow, subject))?.challenge
  return running?.purpose === 'phone-verification' && running.id === record.challengeId
}

/** Changing a confirmed number takes a fresh second factor; a first number takes the password alone. */
async function changeRefusal(context: HttpContext, standing: Standing): Promise<Refusal | null> {
  if (!(await context.users.hasConfirmedPhone(standing.user))) return null
  return ageRefusal(context, standing, phoneChangeSeconds)
}

function ageRefusal(
  context: HttpContext,
  { grant }: Standing,
  maxAgeSeconds: number,
): Refusal | null {
  if (grant === null) return refuse('second_factor_required')
  const fresh = isFresh(grant, context.flow.clock(), maxAgeSeconds)
  return fresh ? null : refuse('second_factor_stale')
}
