/** A cookie with the page to return to, for people without a login. */

import type { CookieOptions, Request, Response } from 'express'

import { returnPath } from './return-path.js'

const name = 'second-factor-return'

/** A login that takes longer leads to the default page. */
const lifetimeMilliseconds = 600_000

/**
 * Keeps the page. A session would cost a row for each anonymous page view, and its cookie could replace the login's: a
 * browser following a link from another site sends no session cookie, or one whose id has just changed.
 */
export function setReturnCookie(req: Request, res: Response, path: string): void {
  res.cookie(name, path, { ...attributes(req), maxAge: lifetimeMilliseconds })
}

/** Reads and clears the page that was kept; `undefined` if there is none. */
export function takeReturnCookie(req: Request): string | undefined {
  const found = (req.get('cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
  if (found === undefined) return undefined
  req.res?.clearCookie(name, attributes(req))
  // Anybody may have set this cookie: only a path of this origin is followed.
  return returnPath(decoded(found.slice(name.length + 1))) ?? undefined
}

function attributes(req: Request): CookieOptions {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: req.secure }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
