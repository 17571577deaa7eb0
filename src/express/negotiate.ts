/** Content negotiation: pages or JSON, and in which language. */

import type { Request } from 'express'

import { canonicalLocale, matchLocale } from '../core/locale.js'
import type { HttpContext } from './context.js'
import { userOf } from './request-state.js'

/** No person reads more languages; a header may hold thousands. */
const maxLocales = 20

/** True for a browser's navigation or form; false for whatever sends JSON or accepts anything. */
export function wantsPage(req: Request): boolean {
  if (req.is('application/json')) return false
  return req.accepts(['json', 'html']) === 'html'
}

/** True where a person goes to a page, rather than posts a form or has a script load something into a page. */
export function isNavigation(req: Request): boolean {
  return (req.method === 'GET' || req.method === 'HEAD') && wantsPage(req) && !isFragment(req)
}

/** Headers of libraries that load a part of a page, or the next page, by a script. */
const fragmentHeaders = [
  ...['hx-request', 'turbo-frame', 'x-turbo-request-id', 'turbolinks-referrer'],
  ...['x-pjax', 'x-up-version', 'x-inertia'],
]

/** Headers by which browsers say that they load a page before anybody has asked for it. */
const prefetchHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']

/**
 * True for a request that no person made by going somewhere: one of a script, a frame or a prefetch. It must not become
 * the page to return to, and cannot follow a redirect to a page. A browser that says nothing of itself is a person's.
 */
export function isFragment(req: Request): boolean {
  // Turbo shows the page that answers a form as a browser would.
  if (isTurboForm(req)) return false
  return (
    !saysDocument(req) ||
    isAjax(req.get('x-requested-with')) ||
    hasHeader(req, fragmentHeaders) ||
    isPrefetch(req)
  )
}

/** True where the browser loads a page that nobody may ever look at. */
export function isPrefetch(req: Request): boolean {
  return hasHeader(req, prefetchHeaders)
}

function hasHeader({ headers }: Request, names: readonly string[]): boolean {
  return names.some((name) => headers[name] !== undefined)
}

/** Whether htmx sent the request, which goes where `HX-Redirect` of the answer says. */
export function isHtmx(req: Request): boolean {
  return req.headers['hx-request'] !== undefined
}

/** Whether the browser says that it goes to a page, or says nothing. Node's own client says `cors` of everything. */
function saysDocument({ headers }: Request): boolean {
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': dest } = headers
  if (dest === undefined) return mode === undefined || mode === 'navigate' || mode === 'cors'
  return dest === 'document' && (mode === undefined || mode === 'navigate')
}

function isTurboForm({ method, headers }: Request): boolean {
  const isWhole =
    headers['x-turbo-request-id'] !== undefined && headers['turbo-frame'] === undefined
  return isWhole && method !== 'GET' && method !== 'HEAD'
}

/** Web views of Android put the package's name here, such as `com.example.app`, when a person goes to a page. */
function isAjax(requestedWith: string | undefined): boolean {
  return requestedWith !== undefined && !requestedWith.includes('.')
}

/** The language to write to a user in: the user's own where the application knows it, else the browser's. */
export async function localeFor(
  context: HttpContext,
  req: Request,
  user: Express.User,
  among: readonly string[] = [],
): Promise<string | null> {
  return (await context.users.locale(user)) ?? localeOf(req, among)
}

/** The languages of a page, the best first: the user's own where the application knows it, then the browser's. */
export async function localesOf(context: HttpContext, req: Request): Promise<readonly string[]> {
  const user = userOf(req)
  const own = user === null ? null : await context.users.locale(user)
  return [...(own === null ? [] : [own]), ...acceptedLocales(req)]
}

/** The language the browser prefers among these, else the one it prefers to all. */
export function localeOf(req: Request, among: readonly string[]): string | null {
  const requested = acceptedLocales(req)
  return requested.find((locale) => matchLocale(locale, among) !== null) ?? requested[0] ?? null
}

function acceptedLocales(req: Request): string[] {
  return req
    .acceptsLanguages()
    .slice(0, maxLocales)
    .map(canonicalLocale)
    .filter((locale) => locale !== null)
}
