/** Begins the second factor right after the password: starts the first challenge and redirects to it. */

import type { Request, RequestHandler } from 'express'

import { assertKnownOptions } from '../core/known-options.js'
import { newId } from '../core/random.js'
import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import type { ChallengeView } from '../core/view.js'
import { rowReader, type RowReader } from '../flows/row-reader.js'
import { pageToReturnTo } from './address.js'
import { chooseFor } from './choose-for.js'
import { challengeUrl, type HttpContext } from './context.js'
import { localeFor, wantsPage } from './negotiate.js'
import { requireSession, userOf } from './request-state.js'
import { forgetRefusal, keepRefusal } from './refused-form.js'
import { faultRefusal, handler, sendRefusal } from './respond.js'
import { markGuarded } from './route-audit.js'
import { recordOf, saveRecord, type SessionRecord } from './session-record.js'
import { checkRequest } from './set-up.js'
import { passOnDevice } from './trust.js'
import { standingOfUser } from './waived.js'

/** Options of `begin()`. */
export interface BeginOptions {
  /**
   * Adds fields to the JSON response, such as the user's name.
   *
   * @default none
   */
  readonly answer?: ((req: Request) => object) | undefined
}

/** The outcome of a password login. If no challenge could start, the login is still valid. */
export interface Begun {
  /** The page that the person goes to next. */
  readonly next: string
  readonly challenge?: ChallengeView
  readonly refusal?: Pick<Refusal, 'code' | 'retryAt'>
}

/** Makes the handler that answers a password login. */
export function createBegin(context: HttpContext, options: BeginOptions = {}): RequestHandler {
  assertKnownOptions('begin', options, { answer: true })
  return handler(context, async (req, res) => {
    requireSession(req)
    checkRequest(context, req)
    markGuarded(req)
    const user = userOf(req)
    if (user === null) {
      await sendRefusal(context, req, res, refusal('login_required'))
      return
    }
    const begun = await begin(context, req, user)
    if (wantsPage(req)) res.redirect(303, begun.next)
    else res.set('Cache-Control', 'no-store').json({ ...options.answer?.(req), ...begun })
  })
}

async function begin(context: HttpContext, req: Request, user: Express.User): Promise<Begun> {
  const next = challengeUrl(context)
  try {
    const row = rowReader(context.flow, context.users.subject(user))
    const standing = await standingOfUser(context, req, user, row)
    if (isRefusal(standing)) return { next, refusal: shortened(standing) }
    const { status } = standing
    if (status === 'open' || (status === 'asked' && (await passOnDevice(context, req, user)))) {
      const { returnTo = pageOfHost(context, req) } = recordOf(req, context.users.subject(user))
      return { next: returnTo ?? context.defaultReturnTo }
    }
    return { next, ...(await startFirst(context, req, user, row)) }
  } catch (error) {
    const refused = faultRefusal(context, error)
    if (refused === null) throw error
    await keepRefusal(req, context.users.subject(user), refused)
    return { next, refusal: shortened(refused) }
  }
}

/**
 * Starts a challenge of the user's suggested factor, if it sends something. If that fails, the next page shows the
 * reason.
 */
async function startFirst(
  context: HttpContext,
  req: Request,
  user: Express.User,
  row: RowReader,
): Promise<Omit<Begun, 'next'>> {
  const subject = context.users.subject(user)
  const record = await recordOfLogin(context, req, subject)
  if (record === null) return { refusal: { code: 'login_required' } }
  const chosen = await chooseFor(context, { subject, user, record }, { row })
  const started = isRefusal(chosen)
    ? undefined
    : await chosen.factor.start?.({
        ...{ subject, user, fields: null, row: chosen.row },
        clientIp: req.ip,
        locale: await localeFor(context, req, user, chosen.factor.locales),
        sessionKey: record.key ?? null,
      })
  if (started === undefined) return {}
  if (!isRefusal(started)) {
    await forgetRefusal(req, subject)
    return { challenge: started }
  }
  await keepRefusal(req, subject, started)
  return { refusal: shortened(started) }
}

/**
 * The session's record of the login, made here if the login came by a way that we do not see; `null` if the session has
 * ended.
 */
async function recordOfLogin(
  context: HttpContext,
  req: Request,
  subject: string,
): Promise<SessionRecord | null> {
  const record = recordOf(req, subject)
  const { loginAt = context.flow.clock(), key = newId() } = record
  const { returnTo = pageOfHost(context, req) } = record
  const isKnown = loginAt === record.loginAt && key === record.key && returnTo === record.returnTo
  if (isKnown) return record
  const remembered = { ...record, subject, loginAt, key, returnTo }
  return (await saveRecord(req, remembered)) ? remembered : null
}

/** The page that the application kept for after the login, where Passport's `successReturnToOrRedirect` looks for it. */
function pageOfHost(context: HttpContext, req: Request): string | undefined {
  const { returnTo } = req.session as { readonly returnTo?: unknown }
  return pageToReturnTo(context, returnTo) ?? undefined
}

function shortened({ code, retryAt }: Refusal): Pick<Refusal, 'code' | 'retryAt'> {
  return { code, ...(retryAt === undefined ? {} : { retryAt }) }
}
