/** Redirects a browser to the login page, and remembers the page it was going to. */

import type { Request, Response } from 'express'

import { userOf } from './request-state.js'
import { setReturnCookie } from './return-cookie.js'
import { recordOf, saveSession, setRecord } from './session-record.js'

/**
 * Redirects to the login page. A login that has waited too long for its second factor, or whose pass has expired, is
 * ended first. Otherwise a login page that redirects logged-in people would send them back here, forever.
 */
export async function leadToLogin(
  req: Request,
  res: Response,
  loginPath: string,
  returnTo: string | null,
): Promise<void> {
  if (userOf(req) === null) {
    if (returnTo !== null) setReturnCookie(req, res, returnTo)
  } else {
    const { returnTo: earlier } = recordOf(req, null)
    await logOut(req)
    setRecord(req, { returnTo: returnTo ?? earlier, notice: 'login_expired' })
    await saveSession(req)
  }
  res.set('Cache-Control', 'no-store').redirect(303, loginPath)
}

/** Logs out through Passport. */
export function logOut(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.logOut((error: unknown) => {
      if (error === undefined || error === null) resolve()
      else reject(error instanceof Error ? error : new Error('the logout failed', { cause: error }))
    })
  })
}
