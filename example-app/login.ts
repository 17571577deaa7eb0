/** The first factor: a password login with Passport, as many applications have it already. */

import type { RequestHandler } from 'express'
import passport from 'passport'
import { Strategy as LocalStrategy } from 'passport-local'
import type { SecondFactor } from 'passport-second-factor'

import { answerProblem, textField, wantsPage } from './answers.js'
import { sessionCookie } from './sessions.js'
import type { AppUser, Users } from './users.js'

/** Tells Passport how a password is checked, and how a session keeps who logged in. */
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

/** `GET /login`. A login that was left waiting for its code has ended, and the page says so. */
export function loginPage(secondFactor: SecondFactor<AppUser>): RequestHandler {
  return (req, res) => {
    res.render('login', { isTimedOut: secondFactor.notice(req) === 'login_expired' })
  }
}

/** Logs in with the password alone; the next handler begins the second factor. */
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

/** Ends the login, and with it the pass of the second factor; neither session nor cookie is left. */
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

/** For pages that need the password login alone. */
export const passwordOnly: RequestHandler = (req, res, next) => {
  if (req.user) next()
  else if (wantsPage(req)) res.redirect(303, '/login')
  else answerProblem(req, res, 401, 'login_required', 'Log in with your password first.')
}
