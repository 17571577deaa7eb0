/** The first factor: a password login with Passport, which many applications already have. */

import type { RequestHandler } from 'express'
import passport from 'passport'
import { Strategy as LocalStrategy } from 'passport-local'
import type { SecondFactor } from 'passport-second-factor'

import { answerProblem, textField, wantsPage } from './answers.js'
import { sessionCookie } from './sessions.js'
import type { AppUser, Users } from './users.js'

/** Sets Passport up to check passwords and to keep the user's id in the session. */
export function usePasswords(users: Users): void {
  passport.use(
    new LocalStrategy((username, password, done) => {
      users.authenticate(username, password).then((user) => {
        done(null, user ?? false)
      }, done)
    }),
  )
  passport.serializeUser((user, done) => {
    done(null, user.id)
  })
  passport.deserializeUser((id: number, done) => {
    users.findById(id).then((user) => {
      done(null, user ?? false)
    }, done)
  })
}

/** `GET /login`. If a login expired while it waited for its code, the page says so. */
export function loginPage(secondFactor: SecondFactor<AppUser>): RequestHandler {
  return (req, res) => {
    res.render('login', { isTimedOut: secondFactor.notice(req) === 'login_expired' })
  }
}

/** Logs in with the password; the next handler begins the second factor. */
export const passwordLogin: RequestHandler = (req, res, next) => {
  if (textField(req, 'username', 64) === null || textField(req, 'password') === null) {
    answerProblem(req, res, 400, 'malformed_request', 'Enter your user name and password.', 'login')
    return
  }
  const authenticate = passport.authenticate(
    'local',
    (error: unknown, user: Express.User | false | undefined) => {
      if (error) next(error)
      else if (user) req.logIn(user, next)
      else answerProblem(req, res, 401, 'login_failed', 'Wrong user name or password.', 'login')
    },
  ) as RequestHandler
  void authenticate(req, res, next)
}

/** Ends the login and its second-factor pass, and removes the session and the cookie. */
export function logout(nextPage = '/'): RequestHandler {
  return (req, res, next) => {
    req.logOut((error: unknown) => {
      if (error) {
        next(error)
        return
      }
      req.session.destroy((fault: unknown) => {
        res.clearCookie(sessionCookie)
        if (fault) next(fault)
        else if (wantsPage(req)) res.redirect(303, nextPage)
        else res.status(204).end()
      })
    })
  }
}

/** Protects pages that need only the password. */
export const passwordOnly: RequestHandler = (req, res, next) => {
  if (req.user) next()
  else if (wantsPage(req)) res.redirect(303, '/login')
  else answerProblem(req, res, 401, 'login_required', 'Log in with your password first.')
}
