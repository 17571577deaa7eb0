/** Redirects a refused form to its page, so that a reload posts nothing, and shows the reason there once. */

import type { Request, Response } from 'express'

import { StoreUnavailableError } from '../core/errors.js'
import type { Refusal, RefusalCode } from '../core/refusal.js'
import type { RefusedForm } from '../ports/factor-route.js'
import type { AuthState } from './auth-state.js'
import type { HttpContext } from './context.js'
import { keptRefusal, refusalNow, statusPage } from './kept-refusal.js'
import { isPrefetch } from './negotiate.js'
import { recordOf, saveRecord, setRecord, type SessionRecord } from './session-record.js'

/** Refusals of unreadable bodies, which are answered with their own status. */
const unread: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  'body_too_large',
  'unsupported_media_type',
])

/**
 * Keeps the reason in the session, and redirects to the page of the form. Returns `false` if the response has to carry
 * the reason itself: the session has ended, its store fails, or there was no form.
 */
export async function leadToPage(
  { mountPath }: HttpContext,
  req: Request,
  res: Response,
  { subject }: AuthState,
  refusal: Refusal,
  form: RefusedForm = { page: statusPage },
): Promise<boolean> {
  if (req.method !== 'POST' || unread.has(refusal.code)) return false
  if (!(await keepRefusal(req, subject, refusal, form))) return false
  res.set('Cache-Control', 'no-store').redirect(303, mountPath + form.page)
  return true
}

/** Keeps a reason for the page that shows it. Returns true if the session holds it now. */
export function keepRefusal(
  req: Request,
  subject: string,
  refusal: Refusal,
  form: RefusedForm = { page: statusPage },
): Promise<boolean> {
  return replaceIn(req, subject, { refusal: keptRefusal(refusal, form) })
}

/** The refusal of a form as its page shows it, with the text typed there. */
export interface ShownRefusal {
  readonly refusal: Refusal | null
  readonly typed: string | null
}

const nothing: ShownRefusal = { refusal: null, typed: null }

/** Reads the refusal kept for a page, and forgets it. A prefetch leaves it for the real visit. */
export async function takeRefusal(
  { flow }: HttpContext,
  req: Request,
  { subject, record }: AuthState,
  page: string = statusPage,
): Promise<ShownRefusal> {
  const { refusal: kept } = record
  if (kept?.page !== page) return nothing
  // If the session store fails, the reason is shown twice, which is better than never.
  if (isLookedAt(req)) await replaceIn(req, subject, { refusal: undefined })
  return { refusal: refusalNow(kept, flow.clock()), typed: kept.typed ?? null }
}

/** Forgets why no code was sent, once one is. A refusal that keeps typed text stays, for the page of its form. */
export async function forgetRefusal(req: Request, subject: string): Promise<void> {
  const { refusal } = recordOf(req, subject)
  if (refusal === undefined || refusal.typed !== undefined) return
  await replaceIn(req, subject, { refusal: undefined })
}

/** Forgets that a factor was changed, once the page has confirmed it. */
export async function forgetChange(req: Request, subject: string): Promise<void> {
  if (recordOf(req, subject).hasChanged === undefined || !isLookedAt(req)) return
  await replaceIn(req, subject, { hasChanged: undefined })
}

/** Returns true if a person sees the response. */
function isLookedAt(req: Request): boolean {
  return req.method !== 'HEAD' && !isPrefetch(req)
}

async function replaceIn(
  req: Request,
  subject: string,
  fields: Pick<SessionRecord, 'refusal' | 'hasChanged'>,
): Promise<boolean> {
  const record = recordOf(req, subject)
  try {
    return await saveRecord(req, { ...record, ...fields })
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error
    // Otherwise express-session would try to write it again as the request ends.
    setRecord(req, record)
    return false
  }
}
