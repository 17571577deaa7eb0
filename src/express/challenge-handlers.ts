/** The router's own endpoints: show the status, start or abandon a challenge, verify. */

import type { Request, Response } from 'express'

import { readOwnString } from '../core/fields.js'
import { isRefusal, type Refusal } from '../core/refusal.js'
import { startChallenge } from '../flows/factors.js'
import { giveUpChallenge } from '../flows/grants.js'
import { rowReader } from '../flows/row-reader.js'
import type { Factor } from '../ports/factor.js'
import type { StartAnswer } from '../ports/start.js'
import type { AuthState } from './auth-state.js'
import { evidenceIn } from './authenticate.js'
import { readBody } from './body.js'
import { chooseFor } from './choose-for.js'
import { challengeUrl, maxEvidenceBytes, type HttpContext } from './context.js'
import type { FormOfRefusal, LoggedInWork } from './logged-in.js'
import { localeFor, wantsPage } from './negotiate.js'
import { passedAnswer, passSignIn } from './raise-session.js'
import { forgetChange, forgetRefusal, takeRefusal } from './refused-form.js'
import { sendPage } from './send-page.js'
import { pageOfSession } from './page-of-session.js'
import { keepTrust, requestedTrust } from './trust.js'
import { statusOfSession } from './status.js'
import { stateOfTab } from './tabs.js'

/** `GET {mount}/`: the status of this session. Sends no code. */
export function showStatus(context: HttpContext): LoggedInWork {
  return async (req, res, state) => {
    if (wantsPage(req)) {
      const { refusal: kept } = await takeRefusal(context, req, state)
      await forgetChange(req, state.subject)
      const { page, refusal: reason } = await pageOfSession(context, req, state, kept)
      await sendPage(context, req, res, page, reason)
    } else {
      const status = await statusOfSession(context, req, state)
      if (isRefusal(status)) return status
      res.json(status)
    }
    return null
  }
}

/** `GET {mount}/use/{method}`: the page of a factor that the person has chosen. Sends no code. */
export function showMethod(context: HttpContext): LoggedInWork {
  return async (req, res, state) => {
    const method = String(req.params['method'])
    const { refusal: kept } = await takeRefusal(context, req, state, usePage(method))
    const { page, refusal: reason } = await pageOfSession(context, req, state, kept, method)
    await sendPage(context, req, res, page, reason)
    return null
  }
}

/** The page of a factor, below the router's path. */
export function usePage(method: string): string {
  return `/use/${encodeURIComponent(method)}`
}

/** Picks the page that a refused form leads to: the page of the factor that its body names. */
export function formOfVerify(context: HttpContext): FormOfRefusal {
  return (req) => {
    const fields: unknown = req.body
    const method = readOwnString(typeof fields === 'object' ? fields : null, 'method')
    const isKnown = context.factors.some((factor) => factor.method === method)
    return method !== null && isKnown ? { page: usePage(method) } : null
  }
}

/** `POST {mount}/challenge`: starts a challenge, or sends the running one again. */
export function sendChallenge(context: HttpContext): LoggedInWork {
  return async (req, res, stateBefore) => {
    const body = await readBody(req, res)
    if (isRefusal(body)) return body
    const { fields } = body
    const state = await stateOfTab(req, stateBefore, fields)
    const method = readOwnString(fields, 'method') ?? undefined
    const chosen = await chooseFor(context, state, { method, mustSend: true })
    if (isRefusal(chosen)) return chosen
    const { factor, row } = chosen
    const { subject, user, record } = state
    if (factor.start === undefined && factor.ask !== undefined) {
      return sendAsked(context, req, res, state, factor.ask.bind(factor))
    }
    const started = await startChallenge(factor, {
      ...{ subject, user, fields, row },
      clientIp: req.ip,
      locale: await localeFor(context, req, user, factor.locales),
      sessionKey: record.key ?? null,
    })
    return sendStarted(context, req, res, state, started)
  }
}

/** Sends the facts that a client needs to give evidence of a factor that sends nothing. */
async function sendAsked(
  { flow, mountPath }: HttpContext,
  req: Request,
  res: Response,
  { user, subject, record }: AuthState,
  ask: NonNullable<Factor['ask']>,
): Promise<Refusal | null> {
  const [row, now] = [await rowReader(flow, subject)(), flow.clock()]
  const asked = await ask({ user, subject, row, now, sessionKey: record.key ?? null })
  if (isRefusal(asked)) return asked
  if (wantsPage(req)) res.redirect(303, mountPath + usePage(asked.method))
  else res.status(201).json(asked)
  return null
}

/** Sends a challenge that was started, and forgets why an earlier one could not start. */
export async function sendStarted(
  context: HttpContext,
  req: Request,
  res: Response,
  { subject }: AuthState,
  answer: StartAnswer,
): Promise<Refusal | null> {
  if (isRefusal(answer)) return answer
  await forgetRefusal(req, subject)
  if (wantsPage(req)) res.redirect(303, challengeUrl(context))
  else res.status(201).json(answer)
  return null
}

/** `DELETE {mount}/challenge`: abandons the running challenge. */
export function giveUp(context: HttpContext): LoggedInWork {
  return async (_req, res, { subject, record }) => {
    await giveUpChallenge(context.flow, subject, record.key)
    res.status(204).end()
    return null
  }
}

/** `POST {mount}/verify`: judges evidence. */
export function verifySignIn(context: HttpContext): LoggedInWork {
  return async (req, res, stateBefore) => {
    const body = await readBody(req, res, maxEvidenceBytes(context))
    if (isRefusal(body)) return body
    const state = await stateOfTab(req, stateBefore, body.fields)
    const evidence = await evidenceIn(context, state, body)
    if (isRefusal(evidence)) return evidence
    // Backup codes are often typed on other people's devices.
    const mayTrust = evidence.factor.isBackup !== true
    const trust = mayTrust ? await requestedTrust(context, req, state, body.fields) : null
    const pass = await passSignIn(context, req, state, { ...evidence, trust })
    if (isRefusal(pass)) return pass
    if (trust !== null && pass.grant !== state.grant) {
      keepTrust(context, req, res, state.subject, trust)
    }
    const passed = passedAnswer(context, state, pass)
    // A person who has lost a factor should set up another before the backup codes run out.
    const isBackup = evidence.factor.isBackup === true
    if (!wantsPage(req)) res.json(passed)
    else res.redirect(303, isBackup ? `${context.mountPath}/factors` : passed.returnTo)
    return null
  }
}
