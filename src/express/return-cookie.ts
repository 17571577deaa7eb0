/** The page to return to of somebody without a login, in a cookie of its own. */

import type { CookieOptions, Request, Response } from 'express'

import { returnPath } from './return-path.js'

const name = 'second-factor-return'

/** A login that takes longer begins at the default page. */
const lifetimeMilliseconds = 600_000

/**
 * Keeps the page. A session would cost a row for each anonymous page view, and its cookie could replace that of the
 * login: a browser sends none along with a link from another site, or sends one whose id has just changed.
 */
export function setReturnCookie(req: Request, res: Response, path: string): void {
  res.cookie(name, path, { ...attributes(req), maxAge: lifetimeMilliseconds })
}

/** The page that was kept, which is then forgotten; `undefined` where there is none. */
export function takeReturnCookie(req: Request): string | undefined {
  const found = (req.get('cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
  if (found === undefined) return undefined
  req.res?.clearCookie(name, attributes(req))
  // A browser may hold a cookie of anybody's: only a path of this origin is followed.
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
