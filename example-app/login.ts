/** The first factor: a password login with Passport, as many applications have it already. */

import type { RequestHandler } from 'express'
import passport from 'passport'
import { Strategy as LocalStrategy } from 'passport-local'
import { phoneParser } from 'passport-second-factor'

import { answerProblem, textField, wantsPage } from './answers.js'
import { sessionCookie } from './sessions.js'
import type { Users } from './users.js'

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

/** Logs in with the password alone; the next handler begins the second factor. */
export const passwordLogin: RequestHandler = (req, res, next) => {
  if (textField(req, 'username', 64) === null || textField(req, 'password') === null) {
    answerProblem(req, res, 400, 'malformed_request', 'Give a user name and a password.', 'login')
    return
  }
  const authenticate = passport.authenticate(
    'local',
    (error: unknown, user: Express.User | false | undefined) => {
      if (error) next(error)
      else if (user) req.logIn(user, next)
      else answerProblem(req, res, 401, 'login_failed', 'That name or password is wrong.', 'login')
    },
  ) as RequestHandler
  void authenticate(req, res, next)
}

/** Registers a user and logs in; the first right code verifies the phone. */
export function register(users: Users): RequestHandler {
  const parsePhone = phoneParser()
  return async (req, res, next) => {
    const refuse = (status: number, code: string, detail: string) => {
      answerProblem(req, res, status, code, detail, 'register')
    }
    const username = textField(req, 'username', 64)
    const password = textField(req, 'password')
    const phone = textField(req, 'phone', 32)
    if (username === null || password === null || phone === null || username !== username.trim()) {
      refuse(400, 'malformed_request', 'Give a user name, a password and a phone number.')
      return
    }
    const parsed = parsePhone(phone)
    if (parsed.status === 'refused') {
      refuse(422, parsed.code, 'That phone number cannot receive a code. Check it.')
      return
    }
    const user = await users.register(username, password, parsed.number)
    if (user === null) refuse(409, 'username_taken', 'That user name is taken.')
    else req.logIn(user, next)
  }
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
