/** What a request wants: pages or JSON, and in which language. */

import type { Request } from 'express'

import { canonicalLocale, matchLocale } from '../core/locale.js'
import type { HttpContext } from './context.js'

/** True for a browser's navigation or form; false for whatever sends JSON or accepts anything. */
export function wantsPage(req: Request): boolean {
  if (req.is('application/json')) return false
  return req.accepts(['json', 'html']) === 'html'
}

/** The language to write to a user in: the user's own where the application knows it, else the browser's. */
export async function localeFor(
  context: HttpContext,
  req: Request,
  user: Express.User,
): Promise<string | null> {
  return (await context.users.locale(user)) ?? localeOf(context, req)
}

/** The language the browser prefers among those there are texts in, else the one it prefers to all. */
export function localeOf(context: HttpContext, req: Request): string | null {
  const { locales } = context.flow.delivery
  const wanted = req
    .acceptsLanguages()
    .map(canonicalLocale)
    .filter((locale) => locale !== null)
  return wanted.find((locale) => matchLocale(locale, locales) !== null) ?? wanted[0] ?? null
}
