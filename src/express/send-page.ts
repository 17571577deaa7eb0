/** Sends a page: the default one, or the application's own view of the same model. */

import type { Request, Response } from 'express'

import type { Refusal } from '../core/refusal.js'
import { assets } from '../pages/assets.js'
import { framePolicy, pagePolicy, renderPage } from '../pages/document.js'
import type { PageBody, PageFrame, PageModel, View } from '../pages/page.js'
import type { Wording } from '../pages/wording.js'
import type { HttpContext } from './context.js'
import { csrfFieldOf } from './csrf-field.js'
import { localesOf } from './negotiate.js'
import { reasonFor } from './problem.js'
import { userOf } from './request-state.js'

/** The fields of a page that describe a refusal. */
type Reason = 'message' | 'code' | 'retryAt' | 'retryAfterSeconds'

/** Sends a page in the person's language, with the reason if something was refused. */
export async function sendPage(
  context: HttpContext,
  req: Request,
  res: Response,
  page: PageBody,
  refusal: Refusal | null = null,
): Promise<void> {
  const user = userOf(req)
  const [locales, account] = await Promise.all([
    localesOf(context, req),
    user === null ? null : context.users.account(user),
  ])
  const wording = context.pages.wordings(locales)
  const frame = {
    ...{ ...frameOf(context, wording), ...extrasOf(context, page, wording), account },
    csrf: await csrfFieldOf(context, req, res),
  }
  const model = modelOf(context, page, frame, refusal, wording)
  // Each view takes the page of its name, which the types cannot express here.
  const view = context.pages.views[page.model.name] as View<PageBody['model']> | undefined
  // With `no-referrer`, browsers would send "Origin: null" with our own forms.
  res.set({
    ...{ 'Cache-Control': 'no-store', 'Referrer-Policy': 'same-origin' },
    ...{ 'X-Content-Type-Options': 'nosniff', 'X-Frame-Options': 'DENY' },
  })
  setPolicy(res, view === undefined)
  const text =
    view === undefined
      ? renderPage(page, model, wording)
      : typeof view === 'string'
        ? await rendered(res, view, model)
        : await view(model)
  res.type('html').send(text)
}

/** Views of the application keep its policy beside ours; browsers enforce both. */
function setPolicy(res: Response, isDefaultPage: boolean): void {
  const name = 'Content-Security-Policy'
  const own = [res.get(name) ?? []].flat().filter((policy) => policy !== framePolicy)
  res.set(name, isDefaultPage ? pagePolicy : [...own, framePolicy])
}

/** The whole model. A page may replace the refusal's usual sentence by a better one. */
function modelOf(
  context: HttpContext,
  page: PageBody,
  frame: Omit<PageFrame, Reason>,
  refusal: Refusal | null,
  wording: Wording,
): PageModel {
  const reason = reasonOf(context, refusal, wording)
  const model: PageModel = { ...page.model, ...frame, ...reason }
  const message = refusal === null ? undefined : page.message?.(model, wording)
  return message === undefined ? model : { ...model, message }
}

/** The fields that the page adds to its frame. */
function extrasOf(
  { mountPath }: HttpContext,
  page: PageBody,
  wording: Wording,
): Pick<PageFrame, 'links' | 'ownScripts' | 'action'> {
  const { action = null } = page
  return {
    action: action === null ? null : mountPath + action,
    links: page.links?.(wording) ?? [],
    ownScripts: (page.scripts ?? []).map(({ name }) => `${mountPath}/assets/${name}`),
  }
}

function frameOf(
  context: HttpContext,
  wording: Wording,
): Omit<PageFrame, 'account' | 'links' | 'ownScripts' | 'action' | 'csrf' | Reason> {
  const { appName, mountPath, loginPath, logoutPath, logoutMethod, pages, factors } = context
  const { locale, direction, texts } = wording
  const { logo, stylesheet, submitOnLastDigit, support } = pages
  return {
    ...{ locale, direction, texts, appName, logo, mountPath, loginPath, logoutPath },
    ...{ logoutMethod, submitOnLastDigit },
    trustDays: context.trust?.days ?? null,
    support: support === null ? null : { url: support.url, label: support.label ?? texts.support },
    offersOtherFactors: factors.length > 1,
    stylesheets: [
      `${mountPath}/assets/${assets.style.name}`,
      ...(stylesheet === null ? [] : [stylesheet]),
    ],
    script: `${mountPath}/assets/${assets.script.name}`,
  }
}

function reasonOf(
  { factors }: HttpContext,
  refusal: Refusal | null,
  wording: Wording,
): Pick<PageFrame, Reason> {
  if (refusal === null) return { message: null, code: null, retryAt: null, retryAfterSeconds: null }
  const { code, retryAt = null, retryAfterSeconds = null } = refusal
  return { message: reasonFor(factors, refusal, wording), code, retryAt, retryAfterSeconds }
}

function rendered(res: Response, view: string, model: PageModel): Promise<string> {
  return new Promise((resolve, reject) => {
    // Engines report success with `null` or with `undefined`.
    res.render(view, { ...model }, (error: Error | null | undefined, text?: string) => {
      if (error) reject(error)
      else resolve(text ?? '')
    })
  })
}
