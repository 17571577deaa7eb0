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

/** True where a browser goes to a page, rather than posts a form. */
export function isNavigation(req: Request): boolean {
  return (req.method === 'GET' || req.method === 'HEAD') && wantsPage(req)
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
