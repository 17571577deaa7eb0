/** The router's own endpoints: status, start a challenge, give it up, verify. */

import type { Request, Response } from 'express'

import { readOwnString } from '../core/fields.js'
import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import { startChallenge } from '../flows/factors.js'
import { endSession } from '../flows/grants.js'
import type { StartAnswer } from '../ports/start.js'
import type { AuthState } from './auth-state.js'
import { evidenceIn } from './authenticate.js'
import { readBody } from './body.js'
import { chooseFor } from './choose-for.js'
import { challengeUrl, type HttpContext } from './context.js'
import type { LoggedInWork } from './logged-in.js'
import { localeFor, wantsPage } from './negotiate.js'
import { passedAnswer, passSignIn } from './raise-session.js'
import { sendPage } from './send-page.js'
import { saveRecord } from './session-record.js'
import { pageOfSession, statusOfSession } from './status.js'

/** `GET {mount}/`: where this session stands. Sends nothing. */
export function showStatus(context: HttpContext): LoggedInWork {
  return async (req, res, state) => {
    if (wantsPage(req)) {
      const { page, refusal: reason } = await pageOfSession(context, state)
      await sendPage(context, req, res, page, reason)
    } else {
      res.json(await statusOfSession(context, state))
    }
    return null
  }
}

/** `POST {mount}/challenge`: starts a challenge, or sends the running one again. */
export function sendChallenge(context: HttpContext): LoggedInWork {
  return async (req, res, state) => {
    const body = await readBody(req, res)
    if (isRefusal(body)) return body
    const { fields } = body
    const chosen = await chooseFor(context, state, readOwnString(fields, 'method') ?? undefined)
    if (isRefusal(chosen)) return chosen
    const { factor } = chosen
    const { subject, user, record } = state
    const started = await startChallenge(factor, {
      ...{ subject, user, fields },
      clientIp: req.ip,
      locale: await localeFor(context, req, user, factor.locales),
      challengeId: record.challengeId ?? null,
    })
    return sendStarted(context, req, res, state, started)
  }
}

/** Has the session hold a challenge that was started, and answers with it. */
export async function sendStarted(
  context: HttpContext,
  req: Request,
  res: Response,
  { subject, record }: AuthState,
  { challengeId, answer }: StartAnswer,
): Promise<Refusal | null> {
  if (challengeId !== null && challengeId !== record.challengeId) {
    const isSaved = await saveRecord(req, { ...record, subject, challengeId })
    if (!isSaved) return refusal('login_required')
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
      await endSession(context.flow, subject, { challengeId: record.challengeId }, 'logout')
      await saveRecord(req, { ...record, challengeId: undefined })
    }
    res.status(204).end()
    return null
  }
}

/** `POST {mount}/verify`: judges evidence. */
export function verifySignIn(context: HttpContext): LoggedInWork {
  return async (req, res, state) => {
    const body = await readBody(req, res)
    if (isRefusal(body)) return body
    const evidence = await evidenceIn(context, state, body)
    if (isRefusal(evidence)) return evidence
    const grant = await passSignIn(context, req, state, evidence)
    if (isRefusal(grant)) return grant
    const passed = passedAnswer(context, state, grant)
    if (wantsPage(req)) res.redirect(303, passed.returnTo)
    else res.json(passed)
    return null
  }
}
