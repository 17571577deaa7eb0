/** Begins the second factor right after the password: sends the first code and leads to the challenge. */

import type { Request, RequestHandler } from 'express'

import { refuseUnknown } from '../core/known-options.js'
import { isRefusal, refuse, type Refusal } from '../core/refusal.js'
import type { ChallengeView } from '../core/view.js'
import { startChallenge } from '../flows/start-challenge.js'
import { defaultChannel } from './challenge-handlers.js'
import { challengeUrl, type HttpContext } from './context.js'
import { localeFor, wantsPage } from './negotiate.js'
import { requireSession, userOf } from './request-state.js'
import { faultRefusal, handler, refuseRequest } from './respond.js'
import { recordOf, saveSession, setRecord } from './session-record.js'

/** What the answer to a password login holds. */
export interface BeginOptions {
  /** Further fields of the JSON answer, such as the user's name. Default: none. */
  readonly answer?: ((req: Request) => object) | undefined
}

/** What came of the first code. Where none could go out, the password login stands all the same. */
export interface Begun {
  /** Where the person goes next. */
  readonly next: string
  readonly challenge?: ChallengeView
  readonly refusal?: Pick<Refusal, 'code' | 'retryAt'>
}

/** Makes the handler that answers a password login. */
export function createBegin(context: HttpContext, options: BeginOptions = {}): RequestHandler {
  refuseUnknown('begin', options, { answer: true })
  return handler(context, async (req, res) => {
    requireSession(req)
    const user = userOf(req)
    if (user === null) {
      await refuseRequest(context, req, res, refuse('login_required'))
      return
    }
    const begun = await begin(context, req, user)
    if (wantsPage(req)) {
      const required = begun.challenge !== undefined || begun.refusal !== undefined
      res.redirect(303, required ? challengeUrl(context) : begun.next)
    } else {
      res.set('Cache-Control', 'no-store').json({ ...options.answer?.(req), ...begun })
    }
  })
}

async function begin(context: HttpContext, req: Request, user: Express.User): Promise<Begun> {
  const subject = context.users.subject(user)
  const record = recordOf(req, subject)
  const loginAt = record.loginAt ?? context.flow.clock()
  const next = context.mountPath || '/'
  try {
    if (!(await context.users.isRequired(user))) {
      return { next: record.returnTo ?? context.defaultReturnTo }
    }
    const destination = await context.users.destination(user)
    const allowed = await context.users.channels(user, context.flow.delivery.channels)
    const { challengeId, answer } = await startChallenge(context.flow, {
      subject,
      purpose: 'sign-in',
      destination: isRefusal(destination) ? destination : destination.number,
      channel: defaultChannel(context, allowed),
      clientIp: req.ip,
      locale: await localeFor(context, req, user),
      ownId: record.challengeId ?? null,
    })
    setRecord(req, { ...record, subject, loginAt, challengeId: challengeId ?? record.challengeId })
    await saveSession(req)
    return isRefusal(answer) ? { next, refusal: told(answer) } : { next, challenge: answer }
  } catch (error) {
    const refusal = faultRefusal(context, error)
    if (refusal === null) throw error
    return { next, refusal: told(refusal) }
  }
}

function told({ code, retryAt }: Refusal): Pick<Refusal, 'code' | 'retryAt'> {
  return { code, ...(retryAt === undefined ? {} : { retryAt }) }
}
