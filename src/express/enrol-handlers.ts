/** The endpoints that enrol a factor: `{mount}/factors/{kind}`, its confirmation, and its file. */

import type { Request, Response } from 'express'

import { factorChangeSeconds } from '../core/enrolment.js'
import { readOwnString } from '../core/fields.js'
import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import { anchor, assertKept } from '../flows/anchor.js'
import {
  asEnrolled,
  beginSetUp,
  keepBackup,
  openSetUpOf,
  openToken,
  type Enrollable,
  type Kept,
  type EnrolRequest,
  type OpenedSetUp,
} from '../flows/enrol.js'
import { rowReader } from '../flows/row-reader.js'
import { tellChange } from '../flows/tell-change.js'
import { pageToReturnTo } from './address.js'
import type { AuthState } from './auth-state.js'
import { readBody, type Body } from './body.js'
import { challengeUrl, maxEvidenceBytes, type HttpContext } from './context.js'
import type { LoggedInWork } from './logged-in.js'
import { localeFor, localesOf, wantsPage } from './negotiate.js'
import { passedAnswer, passSession, type Passed } from './raise-session.js'
import { sendRefusal, wantsSecondFactor } from './respond.js'
import { keepReturnTo } from './return-to.js'
import { sendPage } from './send-page.js'

type Factor = Enrollable<Express.User>

/** Begins an enrolment: a browser gets the page, a client the secrets and the token. Nothing is stored yet. */
export function showSetUp(context: HttpContext, factor: Factor): LoggedInWork {
  return async (req, res, state) => {
    const begun = await beginSetUp(context, enrolRequest(state), factor)
    if (isRefusal(begun)) return changeRefused(context, req, res, state, begun)
    const { secrets, shown, token, label, expiresAt } = begun
    if (wantsPage(req)) {
      const returnTo = pageAfterwards(context, state)
      await sendPage(context, req, res, factor.enrolment.page({ secrets, label, token, returnTo }))
    } else {
      res.status(201).json({ setup: token, ...shown, expiresAt })
    }
    return null
  }
}

/** Confirms an enrolment: only now is the factor stored, and the one that it replaces removed. */
export function confirmSetUp(context: HttpContext, factor: Factor): LoggedInWork {
  return async (req, res, state) => {
    const body = await readBody(req, res, maxEvidenceBytes(context))
    if (isRefusal(body)) return body
    const request = enrolRequest(state)
    const opened = await openSetUpOf(context, request, factor, body.fields)
    if (isRefusal(opened)) return showSetUpAgain(context, req, res, state, { factor, body }, opened)
    const enrolled = await (factor.isBackup === true
      ? keepBackup(context, request, opened)
      : enrol(context, req, state, opened))
    if (isRefusal(enrolled)) {
      const refused = await changeRefused(context, req, res, state, enrolled)
      return refused === null
        ? null
        : showSetUpAgain(context, req, res, state, { factor, body }, refused)
    }
    const { kind } = factor
    const { user, subject } = state
    const locale = await localeFor(context, req, user)
    const { status: _kept, isNew, ...facts } = enrolled
    if (isNew) tellChange(context.flow, { user, subject, change: 'added', kind, locale }, 'user')
    if (wantsPage(req)) res.redirect(303, await afterEnrolment(context, state, factor))
    else res.json({ status: 'enrolled', kind, ...facts })
    return null
  }
}

/** Sends the secrets being set up as a file, for people whose browser runs no scripts. */
export function sendSetUpFile(context: HttpContext, factor: Factor): LoggedInWork {
  return async (req, res, state) => {
    const body = await readBody(req, res)
    if (isRefusal(body)) return body
    const opened = openToken(context, enrolRequest(state), factor, body.fields)
    if (isRefusal(opened)) return opened
    const wording = context.pages.wordings(await localesOf(context, req))
    const file = factor.enrolment.file?.(opened.token.secrets, context.appName, wording)
    if (file === undefined) return refusal('malformed_request')
    res.attachment(file.name).type('text/plain').send(file.text)
    return null
  }
}

/** A session's state in the form that the enrolment flows take. */
export function enrolRequest({
  user,
  subject,
  grant,
  record,
}: AuthState): EnrolRequest<Express.User> {
  return { user, subject, grant, sessionKey: record.key ?? '' }
}

/**
 * Redirects a browser that needs a fresh second factor to the challenge, and back here afterwards. Returns `null` if it
 * has sent that response.
 */
export async function changeRefused(
  context: HttpContext,
  req: Request,
  res: Response,
  state: AuthState,
  refusal: Refusal,
): Promise<Refusal | null> {
  if (!wantsSecondFactor(refusal.code) || !wantsPage(req)) return refusal
  await keepReturnTo(context, req, res, state, { maxAgeSeconds: factorChangeSeconds })
  res.redirect(303, challengeUrl(context))
  return null
}

/** The enrolled item, and the response fields of the session that passed by it. */
interface Enrolled extends Kept, Partial<Omit<Passed, 'status'>> {}

/** Stores the factor, and grants this session a pass by it. Every other session has to pass again. */
async function enrol(
  context: HttpContext,
  req: Request,
  state: AuthState,
  opened: OpenedSetUp<Express.User>,
): Promise<Enrolled | Refusal> {
  const request = enrolRequest(state)
  const factor = await asEnrolled(context, request, opened)
  if (isRefusal(factor)) return factor
  const anchored = await anchor(context, request)
  const evidence = opened.confirmation
  const outcome = await anchored.unless(
    passSession(context, req, state, { factor, evidence, purpose: 'enrolment' }),
  )
  if (isRefusal(outcome)) return outcome
  await assertKept(context, state.subject, factor.kind)
  const { status: _passed, ...passed } = passedAnswer(context, state, outcome)
  return { status: 'kept', isNew: true, id: String(outcome.proof), ...passed }
}

/**
 * Shows the set-up page again with the error: its token is still valid, and nothing was counted. Returns the refusal if the
 * caller has to send it.
 */
async function showSetUpAgain(
  context: HttpContext,
  req: Request,
  res: Response,
  state: AuthState,
  { factor, body: { fields } }: { readonly factor: Factor; readonly body: Body },
  refusal: Refusal,
): Promise<Refusal | null> {
  // An expired set-up is not shown again: the list of factors leads to a new one.
  if (!wantsPage(req) || refusal.code === 'setup_expired') return refusal
  const request = enrolRequest(state)
  const opened = openToken(context, request, factor, fields)
  const token = readOwnString(fields, 'setup')
  if (isRefusal(opened) || token === null) return refusal
  const label = await context.users.label(state.user)
  const { secrets } = opened.token
  const page = factor.enrolment.page({
    secrets,
    label,
    token,
    returnTo: pageAfterwards(context, state),
  })
  await sendRefusal(context, req, res, refusal, page)
  return null
}

/** The next page: the backup codes if the user has none yet, otherwise the page the person was on the way to. */
async function afterEnrolment(
  context: HttpContext,
  state: AuthState,
  { kind, isBackup }: Factor,
): Promise<string> {
  const backup = context.factors.find((each) => each.isBackup === true && each.enrolment)
  if (isBackup !== true && backup !== undefined && backup.kind !== kind) {
    const row = await rowReader(context.flow, state.subject)()
    const held = backup.held?.items(row, context.flow.clock()) ?? []
    if (held.length === 0) return `${context.mountPath}/factors/${backup.kind}`
  }
  return pageAfterwards(context, state)
}

/** The page that the person was going to, or the list of factors. */
function pageAfterwards(context: HttpContext, { record }: AuthState): string {
  const { mountPath } = context
  const returnTo = pageToReturnTo(context, record.returnTo)
  const isSetUp = returnTo?.startsWith(`${mountPath}/factors/`) === true
  return returnTo === null || isSetUp ? `${mountPath}/factors` : returnTo
}
