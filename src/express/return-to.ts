/** Keeps in the session what a closed gate needs later: the page to return to, and the input of its form. */

import type { Request, Response } from 'express'

import { readOwnString } from '../core/fields.js'
import { isRefusal } from '../core/refusal.js'
import { addressOf, pageToReturnTo } from './address.js'
import { readBody } from './body.js'
import type { HttpContext } from './context.js'
import { isFragment, isHtmx, isNavigation, wantsPage } from './negotiate.js'
import { crossSiteRefusal } from './origin-check.js'
import { userOf } from './request-state.js'
import { recordOf, saveRecord, type SessionRecord } from './session-record.js'
import { withStoppedAt } from './tabs.js'
import type { AuthState } from './auth-state.js'

/** No form typed by a person is longer; none of its fields are kept then. */
const maxKeptLength = 4096

/** The condition of the page that the gate stopped, and the form fields to keep. */
interface Needed {
  readonly maxAgeSeconds?: number | undefined
  readonly methods?: readonly string[] | undefined
  readonly keepFields?: readonly string[] | undefined
}

/** The page that a person was going to: the address of a navigation, or the page that a form is on. */
export function requestedPage(context: HttpContext, req: Request): string | null {
  return pageToReturnTo(
    context,
    isNavigation(req) ? addressOf(context, req) : formPage(context, req),
  )
}

/**
 * Keeps the page that a person was going to: the address of a navigation, or the page that a form is on. Requests that
 * a script makes by itself do not count, except htmx forms, and htmx requests of a session that has to step up.
 */
export async function keepReturnTo(
  context: HttpContext,
  req: Request,
  res: Response,
  { subject, grant }: AuthState,
  { maxAgeSeconds, methods, keepFields = [] }: Needed,
): Promise<void> {
  const isForm = req.method !== 'GET' && req.method !== 'HEAD'
  const isAct = isHtmx(req) && (isForm || grant !== null)
  if (!wantsPage(req) || (isFragment(req) && !isAct)) return
  const record = recordOf(req, subject)
  const returnTo = requestedPage(context, req)
  const keptFields =
    isNavigation(req) || returnTo === null ? undefined : await typedFields(req, res, keepFields)
  // A logout may have ended the session while the form came in; a plain save would bring it back.
  await saveRecord(req, {
    ...withStoppedAt(record, returnTo),
    cancelTo: wayBack(context, req, record),
    returnTo: returnTo ?? (isNavigation(req) ? undefined : record.returnTo),
    maxAgeSeconds,
    methods,
    keptFields,
  })
}

/** Keeps the page that led to one of ours, for a person who cancels there. */
export async function keepWayBack(
  context: HttpContext,
  req: Request,
  { subject }: AuthState,
): Promise<void> {
  const record = recordOf(req, subject)
  const cancelTo = wayBack(context, req, record)
  if (cancelTo !== record.cancelTo) await saveRecord(req, { ...record, cancelTo })
}

/** The page of this origin that a person comes from. On the way between our own pages, the earlier one is kept. */
function wayBack(
  context: HttpContext,
  req: Request,
  { cancelTo }: SessionRecord,
): string | undefined {
  const page = pageToReturnTo(context, referringPage(context, req))
  if (page === null) return undefined
  return page.startsWith(`${context.mountPath}/`) ? cancelTo : page
}

/** The values typed into the form on this page before the gate stopped it, or `null`. */
export function keptFieldsOf(
  context: HttpContext,
  req: Request,
): Readonly<Record<string, string>> | null {
  const user = userOf(req)
  if (user === null) return null
  const { returnTo, keptFields } = recordOf(req, context.users.subject(user))
  const isItsPage = returnTo !== undefined && returnTo === addressOf(context, req)
  return isItsPage && keptFields !== undefined ? keptFields : null
}

/**
 * Drops the kept fields once the form has passed the gate. The record is saved at once, because a session that is saved
 * only at the end of a slow request would come back after a logout.
 */
export async function forgetFields(req: Request, { subject }: AuthState): Promise<void> {
  const record = recordOf(req, subject)
  const isForm = req.method !== 'GET' && req.method !== 'HEAD'
  if (record.keptFields === undefined || !isForm) return
  await saveRecord(req, { ...record, keptFields: undefined })
}

/**
 * The page of this origin that the form is on. A page of another origin could otherwise have its own form filled in,
 * unseen, after the person typed a code for it. If the pages send no `Referer`, the form's own address is used,
 * provided that other headers show the same origin.
 */
function formPage(context: HttpContext, req: Request): string | null {
  if (crossSiteRefusal(req, context.origins) !== null) return null
  if (referrerOf(req) !== undefined) return referringPage(context, req)
  return saysOrigin(req) ? addressOf(context, req) : null
}

/** The page of this origin in the browser's referrer headers. */
function referringPage(context: HttpContext, req: Request): string | null {
  const referrer = referrerOf(req)
  if (referrer === undefined || !URL.canParse(referrer)) return null
  const { origin, host, pathname, search } = new URL(referrer)
  const isListed = context.origins.some((each) => each.origin === origin && !each.crossSite)
  return host === req.get('host') || isListed ? pathname + search : null
}

function referrerOf(req: Request): string | undefined {
  return req.get('hx-current-url') ?? req.get('referer')
}

/** Returns true if the request, which was not refused as cross-site, names its origin. */
function saysOrigin(req: Request): boolean {
  const site = req.get('sec-fetch-site')
  return site === undefined ? req.get('origin') !== undefined : site === 'same-origin'
}

async function typedFields(
  req: Request,
  res: Response,
  names: readonly string[],
): Promise<Record<string, string> | undefined> {
  if (names.length === 0) return undefined
  const body = await readBody(req, res)
  if (isRefusal(body)) return undefined
  const fields: [string, string][] = []
  for (const name of names) {
    const text = readOwnString(body.fields, name)
    if (text !== null) fields.push([name, text])
  }
  const isSmall = JSON.stringify(fields).length <= maxKeptLength
  return isSmall && fields.length > 0 ? Object.fromEntries(fields) : undefined
}
