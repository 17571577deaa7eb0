/** What a closed gate keeps in the session: the page to return to, and the input of its form. */

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

/** More than this is no form that somebody typed; then nothing of it is kept. */
const maxKeptLength = 4096

/** What the page on the way needs, and the fields of its form. */
interface Needed {
  readonly maxAgeSeconds?: number | undefined
  readonly methods?: readonly string[] | undefined
  readonly keepFields?: readonly string[] | undefined
}

/** Where a person was going: the address of a navigation, or the page that a form stands on. */
export function requestedPage(context: HttpContext, req: Request): string | null {
  return pageToReturnTo(
    context,
    isNavigation(req) ? addressOf(context, req) : formPage(context, req),
  )
}

/**
 * Keeps where a person was going: the address of a navigation, or the page that a form stands on. What a script loads
 * into a page by itself says nothing of that, but for the page on which htmx has a person step up or send a form.
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
  // A logout may have ended the session while the form came in; writing it out would bring it back.
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

/** The page of this origin that a person comes from; on the way between our own pages, the one of before. */
function wayBack(
  context: HttpContext,
  req: Request,
  { cancelTo }: SessionRecord,
): string | undefined {
  const page = pageToReturnTo(context, referringPage(context, req))
  if (page === null) return undefined
  return page.startsWith(`${context.mountPath}/`) ? cancelTo : page
}

/** What was typed into the form on this page before the gate stopped it, or `null`. */
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
 * The form has come through: its fields are needed no longer. That is written out at once, since a session that waits
 * for the end of a slow request to be written would come back after a logout.
 */
export async function forgetFields(req: Request, { subject }: AuthState): Promise<void> {
  const record = recordOf(req, subject)
  const isForm = req.method !== 'GET' && req.method !== 'HEAD'
  if (record.keptFields === undefined || !isForm) return
  await saveRecord(req, { ...record, keptFields: undefined })
}

/**
 * The page of this origin that the form stands on. A page of another could otherwise have its own form filled in
 * under the person's eyes, after the code that they typed for it. Where the pages send no `Referer`, it is taken for
 * the page at the address that the form posts to, if the browser says in another way that it stands on this origin.
 */
function formPage(context: HttpContext, req: Request): string | null {
  if (crossSiteRefusal(req, context.origins) !== null) return null
  if (referrerOf(req) !== undefined) return referringPage(context, req)
  return saysOrigin(req) ? addressOf(context, req) : null
}

/** The page of this origin that the browser says it comes from. */
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

/** Whether a request that was not refused says where it comes from. */
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
