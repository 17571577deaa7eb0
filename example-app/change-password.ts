/** `/password`: changes the password, and ends all sessions and passes. */

import type { RequestHandler } from 'express'
import type { SecondFactor } from 'passport-second-factor'

import { answerWrongFields, textField, userOf, wantsPage } from './answers.js'
import { passwordFault } from './passwords.js'
import type { Sessions } from './sessions.js'
import type { AppUser, Users } from './users.js'

declare module 'express-session' {
  interface SessionData {
    /** True once this session has changed the password. */
    hasNewPassword?: boolean
  }
}

export interface ChangeParts {
  readonly users: Users
  readonly sessions: Sessions
  readonly secondFactor: SecondFactor<AppUser>
}

/**
 * `POST /password` `{ current, password }`: changes the password, ends every pass of the second factor and every session,
 * and logs this browser in again, because it has just given the password. Put it behind a step-up.
 */
export function changePassword({ users, sessions, secondFactor }: ChangeParts): RequestHandler {
  return async (req, res, next) => {
    const user = userOf(req)
    const current = textField(req, 'current')
    const password = textField(req, 'password')
    const refuse = (status: number, code: string, wrong: Readonly<Record<string, string>>) => {
      answerWrongFields(req, res, { status, code, page: 'password' }, wrong)
    }
    if (current === null || password === null) {
      refuse(400, 'malformed_request', {
        ...(current === null && { current: 'Enter your current password.' }),
        ...(password === null && { password: 'Enter a new password of at most 200 characters.' }),
      })
      return
    }
    if (!(await users.hasPassword(user, current))) {
      refuse(403, 'password_incorrect', { current: 'That isn’t your current password.' })
      return
    }
    const fault = passwordFault(password)
    if (fault !== null) {
      refuse(422, 'password_too_short', { password: fault })
      return
    }
    // Passes first, because they grant access: if the rest fails, nobody is in, and the user can try again.
    await secondFactor.revoke(user)
    await users.setPassword(user, password)
    await sessions.endAll(user.id)
    req.logIn(user, next)
  }
}

/** The response after the password has changed. */
export const passwordChanged: RequestHandler = (req, res) => {
  req.session.hasNewPassword = true
  if (wantsPage(req)) res.redirect(303, '/password/changed')
  else res.json({ status: 'password_changed', next: '/second-factor/' })
}

/** `GET /password/changed`: explains what has ended, and that this browser needs a new code too. */
export const passwordChangedPage: RequestHandler = (req, res) => {
  if (req.session.hasNewPassword === true) res.render('password-changed')
  else res.redirect(303, '/profile')
}
