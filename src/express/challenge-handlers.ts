/** The router's endpoints for a sign-in: status, send, give up, verify. */

import type { Request, Response } from 'express'

import { isRefusal, refuse, type Refusal } from '../core/refusal.js'
import type { Channel, Purpose } from '../core/state.js'
import { endChallenge } from '../flows/grants.js'
import { startChallenge } from '../flows/start-challenge.js'
import { readBody, readChannel, readCode } from './body.js'
import { challengeUrl, type HttpContext } from './context.js'
import type { LoggedInWork } from './logged-in.js'
import { localeFor, wantsPage } from './negotiate.js'
import { confirmSignIn, passedAnswer } from './pass.js'
import { sendPage } from './send-page.js'
import { isSessionAlive, saveSession, setRecord } from './session-record.js'
import type { Standing } from './standing.js'
import { statusOfSession } from './status.js'

/** `GET {mount}/`: where this session stands. Sends nothing. */
export function showStatus(context: HttpContext): LoggedInWork {
  return async (req, res, standing) => {
    const { status, page, refusal } = await statusOfSession(context, standing)
    if (wantsPage(req)) await sendPage(context, req, res, page, refusal)
    else res.json(status)
    return null
  }
}

/** `POST {mount}/challenge`: sends a code, the first or a resend. */
export function sendCode(context: HttpContext): LoggedInWork {
  return async (req, res, standing) => {
    const body = await readBody(req, res)
    if (isRefusal(body)) return body
    const chosen = readChannel(body)
    if (isRefusal(chosen)) return chosen
    const { user } = standing
    const allowed = await context.users.channels(user, context.flow.delivery.channels)
    if (chosen.channel !== undefined && !allowed.includes(chosen.channel)) {
      return refuse('malformed_request')
    }
    const destination = await context.users.destination(user)
    const target = isRefusal(destination) ? destination : destination.number
    const channel = chosen.channel ?? defaultChannel(context, allowed)
    return startAndAnswer(context, req, res, standing, 'sign-in', target, channel)
  }
}

/** The channel of a code that nobody chose one for; `undefined` leaves it to the start. */
export function defaultChannel(
  { flow }: HttpContext,
  allowed: readonly Channel[],
): Channel | undefined {
  const usual = flow.delivery.channels[0]
  return usual !== undefined && allowed.includes(usual) ? undefined : allowed[0]
}

/** Sends a code for a purpose, has the session hold its challenge, and answers with it. */
export async function startAndAnswer(
  context: HttpContext,
  req: Request,
  res: Response,
  standing: Standing,
  purpose: Purpose,
  destination: string | Refusal,
  channel?: Channel,
): Promise<Refusal | null> {
  const { subject, record } = standing
  const { challengeId, answer } = await startChallenge(context.flow, {
    subject,
    purpose,
    destination,
    channel,
    clientIp: req.ip,
    locale: await localeFor(context, req, standing.user),
    ownId: record.challengeId ?? null,
  })
  if (challengeId !== null && challengeId !== record.challengeId) {
    if (!(await isSessionAlive(req))) return refuse('login_required')
    setRecord(req, { ...record, subject, challengeId })
    await saveSession(req)
  }
  if (isRefusal(answer)) return answer
  if (wantsPage(req)) res.redirect(303, challengeUrl(context))
  else res.status(201).json(answer)
  return null
}

/** `DELETE {mount}/challenge`: gives the running challenge up. */
export function giveUp(context: HttpContext): LoggedInWork {
  return async (req, res, { subject, record }) => {
    if (record.challengeId !== undefined) {
      await endChallenge(context.flow, subject, record.challengeId)
      setRecord(req, { ...record, challengeId: undefined })
      await saveSession(req)
    }
    res.status(204).end()
    return null
  }
}

/** `POST {mount}/verify`: judges a code. */
export function verifyCode(context: HttpContext): LoggedInWork {
  return async (req, res, standing) => {
    const body = await readBody(req, res)
    if (isRefusal(body)) return body
    const code = readCode(body, 'code', context.flow.policy.digits)
    if (isRefusal(code)) return code
    const grant = await confirmSignIn(context, req, standing, code.text)
    if ('status' in grant) return grant
    const passed = passedAnswer(context, standing, grant)
    if (wantsPage(req)) res.redirect(303, passed.returnTo)
    else res.json(passed)
    return null
  }
}
