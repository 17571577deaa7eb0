/** Leads a browser to the page of the password login, and remembers where it was going. */

import type { Request, Response } from 'express'

import { userOf } from './request-state.js'
import { setReturnCookie } from './return-cookie.js'
import { recordOf, saveSession, setRecord } from './session-record.js'

/**
 * Redirects to the login page. A login that has waited too long for its second factor, or whose pass is over, ends
 * first: a login page that sends people home who are logged in would send this one back here, again and again.
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

/** Ends the login, as Passport does it. */
export function logOut(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.logOut((error: unknown) => {
      if (error === undefined || error === null) resolve()
      else reject(error instanceof Error ? error : new Error('the logout failed', { cause: error }))
    })
  })
}
