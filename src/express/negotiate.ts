/** Whether a request wants pages or JSON. */

import type { Request } from 'express'

/** True for a browser's navigation or form; false for whatever sends JSON or accepts anything. */
export function wantsPage(req: Request): boolean {
  if (req.is('application/json')) return false
  return req.accepts(['json', 'html']) === 'html'
}

/** The language the browser prefers, if it names one. */
export function localeOf(req: Request): string | null {
  const [language] = req.acceptsLanguages()
  return language === undefined || language === '*' ? null : language
}
