/** Content negotiation: pages or JSON, and the language. */

import type { Request } from 'express'

import { canonicalLocale, matchLocale } from '../core/locale.js'
import type { HttpContext } from './context.js'
import { userOf } from './request-state.js'

/** Nobody reads more languages; a header may list thousands. */
const maxLocales = 20

/** Returns true for a browser's navigation or form; false for JSON, and for clients that accept anything. */
export function wantsPage(req: Request): boolean {
  if (req.is('application/json')) return false
  return req.accepts(['json', 'html']) === 'html'
}

/** Returns true if a person goes to a page, rather than posts a form or has a script load something into a page. */
export function isNavigation(req: Request): boolean {
  return (req.method === 'GET' || req.method === 'HEAD') && wantsPage(req) && !isFragment(req)
}

/** Headers of libraries that load a page, or part of one, by a script. */
const fragmentHeaders = [
  ...['hx-request', 'turbo-frame', 'x-turbo-request-id', 'turbolinks-referrer'],
  ...['x-pjax', 'x-up-version', 'x-inertia'],
]

/** Headers that mark a prefetch: the browser loads a page before anybody has asked for it. */
const prefetchHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']

/**
 * Returns true for a request of a script, a frame or a prefetch rather than a person's navigation. It must not become
 * the page to return to, and cannot follow a redirect to a page. Without any hints, a request counts as a person's.
 */
export function isFragment(req: Request): boolean {
  // Turbo renders the response to a form as a browser would.
  if (isTurboForm(req)) return false
  return (
    !saysDocument(req) ||
    isAjax(req.get('x-requested-with')) ||
    hasHeader(req, fragmentHeaders) ||
    isPrefetch(req)
  )
}

/** Returns true if the browser prefetches a page that nobody may ever see. */
export function isPrefetch(req: Request): boolean {
  return hasHeader(req, prefetchHeaders)
}

function hasHeader({ headers }: Request, names: readonly string[]): boolean {
  return names.some((name) => headers[name] !== undefined)
}

/** Returns true for a request by htmx, which follows the response header `HX-Redirect`. */
export function isHtmx(req: Request): boolean {
  return req.headers['hx-request'] !== undefined
}

/** Returns true if the headers describe a navigation, or say nothing. Node's `fetch` always sends the mode `cors`. */
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

/** Android's web views put the package's name here, such as `com.example.app`, when a person goes to a page. */
function isAjax(requestedWith: string | undefined): boolean {
  return requestedWith !== undefined && !requestedWith.includes('.')
}

/** The language to write to a user in: the one the application knows for the user, otherwise the browser's. */
export async function localeFor(
  context: HttpContext,
  req: Request,
  user: Express.User,
  among: readonly string[] = [],
): Promise<string | null> {
  return (await context.users.locale(user)) ?? localeOf(req, among)
}

/** The languages of a page, best first: the one the application knows for the user, then the browser's. */
export async function localesOf(context: HttpContext, req: Request): Promise<readonly string[]> {
  const user = userOf(req)
  const own = user === null ? null : await context.users.locale(user)
  return [...(own === null ? [] : [own]), ...acceptedLocales(req)]
}

/** The browser's preferred language among these, otherwise its first preference. */
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
