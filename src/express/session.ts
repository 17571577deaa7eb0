/** The counterpart of `passport.session()`: a login starts the wait for a second factor, a logout ends the grant. */

import type { Request, RequestHandler, Response } from 'express'

import { ConfigurationError, SessionError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'
import { newId } from '../core/random.js'
import { pageToReturnTo } from './address.js'
import type { HttpContext } from './context.js'
import { handlingEnd } from './handled-ends.js'
import { notPassed, userOf } from './request-state.js'
import { faultOf } from './respond.js'
import { takeReturnCookie } from './return-cookie.js'
import { auditMode, auditRequest, markGuarded } from './route-audit.js'
import { endAtOnce, endHeld, endWithoutSession, watchSessionStore } from './session-ends.js'
import { recordOf, saveNewSession, sessionOf, setRecord } from './session-record.js'
import { claimRequest, oldPassport } from './set-up.js'
import { forgetDevice } from './trust.js'

/** Options of `session()`. */
export interface SessionOptions {
  /**
   * Finds routes that served a session which has given only its password, and that no gate protects. Outside production
   * each is printed once; `openRoutes()` lists them.
   *
   * @default true; if `NODE_ENV` is `production`, one request in a hundred is checked and nothing is printed
   */
  readonly auditRoutes?: boolean | undefined
}

type Done = (error?: unknown) => void

/**
 * Requests whose session has just passed. Passport logs the user in again after a success, and that must not undo the
 * pass.
 */
const passedNow = new WeakSet<Request>()

/** Marks a request whose session has passed, so that a second login of the same user leaves the session alone. */
export function markPassed(req: Request): void {
  passedNow.add(req)
}

/** Sets `req.secondFactor`, and makes every login, logout and end of a session end its grant and challenge. */
export function createSession(context: HttpContext, options: SessionOptions = {}): RequestHandler {
  assertKnownOptions('session', options, { auditRoutes: true })
  const { auditRoutes } = options
  if (auditRoutes !== undefined && typeof auditRoutes !== 'boolean') {
    throw new ConfigurationError('session.auditRoutes must be true or false', 'session.auditRoutes')
  }
  const mode = auditMode(auditRoutes)
  return (req, res, next) => {
    if (typeof req.logIn !== 'function' || typeof req.logOut !== 'function') {
      next(new SessionError('mount secondFactor.session() after passport.session()'))
      return
    }
    const mistake = oldPassport(req) ?? claimRequest(context, req)
    if (mistake !== null) {
      next(mistake)
      return
    }
    req.secondFactor = notPassed(req)
    wrapLogin(context, req)
    wrapLogout(context, req)
    watchSession(context, req, res)
    auditRequest(context, req, res, mode)
    next()
  }
}

function wrapLogin(context: HttpContext, req: Request): void {
  const logIn = req.logIn.bind(req)
  const wrapped = (user: Express.User, options: unknown, done?: Done) => {
    const { input, callback } = argumentsOf(options, done)
    // Without a session there is nothing to track; without a callback Passport throws its own error.
    if (callback === undefined || input.session === false) {
      logIn(user, input as never, callback as never)
      return
    }
    const work = hasJustPassed(context, req, user)
      ? Promise.resolve()
      : login(context, req, user, (finish) => {
          logIn(user, input as never, finish)
        })
    finishWith(work, callback)
  }
  req.login = req.logIn = wrapped as Request['logIn']
}

/** Calls back like Passport. A rejection with `undefined` still reaches the callback as an error. */
function finishWith(work: Promise<void>, callback: Done): void {
  work.then(
    () => {
      callback()
    },
    (error: unknown) => {
      callback(faultOf(error))
    },
  )
}

/** Ends the grant and challenge with the session. A missing or unusable session is reported by later handlers. */
function watchSession(context: HttpContext, req: Request, res: Response): void {
  const store = req.sessionStore as Request['sessionStore'] | undefined
  if (typeof store?.destroy === 'function' && typeof store.get === 'function') {
    watchSessionStore(context, store)
  }
  if (((req.session as unknown) ?? null) === null) return
  endAtOnce(context, req)
  endWithoutSession(context, req, res)
}

/** Ends the session's grant, lets Passport log in, and records when the password was accepted. */
async function login(
  context: HttpContext,
  req: Request,
  user: Express.User,
  logIn: (finish: Done) => void,
): Promise<void> {
  markGuarded(req)
  const { secondFactor: earlier } = sessionOf(req)
  const returnTo = pageToReturnTo(context, takeReturnCookie(req) ?? recordOf(req, null).returnTo)
  // The login succeeds even if the store fails: Passport ends the old session, which is the only one that holds the
  // grant.
  await endHeld(context, earlier && { ...earlier, key: undefined }, 'login').catch(() => undefined)
  await handlingEnd(req, () => settled(logIn))
  const subject = context.users.subject(user)
  // A user who logs in again in the same browser may still use the code already sent.
  const key = earlier?.subject === subject ? earlier.key : undefined
  if (key === undefined) {
    await endHeld(context, earlier && { ...earlier, grantId: undefined }, 'login').catch(
      () => undefined,
    )
  }
  const loginAt = context.flow.clock()
  setRecord(req, { subject, loginAt, returnTo: returnTo ?? undefined, key: key ?? newId() })
  req.secondFactor = notPassed(req)
  await saveNewSession(req)
}

function wrapLogout(context: HttpContext, req: Request): void {
  const logOut = req.logOut.bind(req)
  const wrapped = (options: unknown, done?: Done) => {
    const { input, callback } = argumentsOf(options, done)
    if (callback === undefined) {
      logOut(input as never, callback as never)
      return
    }
    const work = logout(context, req, (finish) => {
      logOut(input as never, finish)
    })
    finishWith(work, callback)
  }
  req.logout = req.logOut = wrapped as Request['logOut']
}

/** Ends the grant in the store, then the session; a store fault is reported after the session has ended. */
async function logout(
  context: HttpContext,
  req: Request,
  logOut: (finish: Done) => void,
): Promise<void> {
  markGuarded(req)
  const { secondFactor } = sessionOf(req)
  const ended = await Promise.allSettled([
    endHeld(context, secondFactor, 'logout'),
    forgetDevice(context, req, secondFactor?.subject),
  ])
  await handlingEnd(req, () => settled(logOut))
  delete sessionOf(req).secondFactor
  req.secondFactor = notPassed(req)
  for (const each of ended) if (each.status === 'rejected') throw each.reason
}

function hasJustPassed(context: HttpContext, req: Request, user: Express.User): boolean {
  const current = userOf(req)
  return (
    passedNow.has(req) &&
    current !== null &&
    context.users.subject(current) === context.users.subject(user)
  )
}

/** Passport takes `(user, done)` and `(user, options, done)`, and for a logout the same without the user. */
function argumentsOf(
  options: unknown,
  done: Done | undefined,
): { input: { session?: boolean }; callback: Done | undefined } {
  if (typeof options === 'function') return { input: {}, callback: options as Done }
  return { input: options ?? {}, callback: done }
}

function settled(call: (finish: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => {
      if (error === undefined || error === null) resolve()
      else reject(error instanceof Error ? error : new Error('the login failed', { cause: error }))
    })
  })
}
