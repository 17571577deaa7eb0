/** To the second factor what `passport.session()` is to the first: a login begins it, a logout ends it. */

import type { Request, RequestHandler, Response } from 'express'

import { SessionError } from '../core/errors.js'
import type { HttpContext } from './context.js'
import { handlingEnd } from './handled-ends.js'
import { notPassed, userOf } from './request-state.js'
import { takeReturnCookie } from './return-cookie.js'
import { endAtOnce, endHeld, endWithoutSession, watchSessionStore } from './session-ends.js'
import {
  recordOf,
  saveSession,
  sessionOf,
  setRecord,
  type SessionRecord,
} from './session-record.js'

type Done = (error?: unknown) => void

/** Requests whose session has just been passing: the login that Passport adds to a success must not undo it. */
const passing = new WeakSet<Request>()

/** Marks a request whose session was passing; a login of the same user then leaves the session as it is. */
export function markPassed(req: Request): void {
  passing.add(req)
}

/** Sets `req.secondFactor`, and has every login, logout and end of a session end what the session held. */
export function createSession(context: HttpContext): RequestHandler {
  return (req, res, next) => {
    if (typeof req.logIn !== 'function' || typeof req.logOut !== 'function') {
      next(new SessionError('mount secondFactor.session() after passport.session()'))
      return
    }
    req.secondFactor = notPassed(req)
    wrapLogin(context, req)
    wrapLogout(context, req)
    watchSession(context, req, res)
    next()
  }
}

function wrapLogin(context: HttpContext, req: Request): void {
  const logIn = req.logIn.bind(req)
  const wrapped = (user: Express.User, options: unknown, done?: Done) => {
    const { input, callback } = argumentsOf(options, done)
    // Without a session there is nothing to begin; without a callback Passport says so itself.
    if (callback === undefined || input.session === false) {
      logIn(user, input as never, callback as never)
      return
    }
    const work = raisedFor(context, req, user)
      ? Promise.resolve()
      : login(context, req, user, (finish) => {
          logIn(user, input as never, finish)
        })
    work.then(() => {
      callback()
    }, callback)
  }
  req.login = req.logIn = wrapped as Request['logIn']
}

/** Has every end of the session end what it held. Without a session, or an unusable one, later handlers say so. */
function watchSession(context: HttpContext, req: Request, res: Response): void {
  const store = req.sessionStore as Request['sessionStore'] | undefined
  if (typeof store?.destroy === 'function' && typeof store.get === 'function') {
    watchSessionStore(context, store)
  }
  if (((req.session as unknown) ?? null) === null) return
  endAtOnce(context, req)
  endWithoutSession(context, req, res)
}

/** Ends what the session held, lets Passport log in, and records when the password was accepted. */
async function login(
  context: HttpContext,
  req: Request,
  user: Express.User,
  logIn: (finish: Done) => void,
): Promise<void> {
  const subject = context.users.subject(user)
  const { secondFactor: earlier } = sessionOf(req)
  const returnTo = takeReturnCookie(req) ?? recordOf(req, null).returnTo
  // Whoever logs in again in the same browser keeps the code in hand.
  const challengeId = earlier?.subject === subject ? recordOf(req, subject).challengeId : undefined
  // The login stands whatever the store says: Passport ends the old session, and the grant goes with it.
  await endHeld(
    context,
    earlier && { ...earlier, challengeId: otherThan(earlier, challengeId) },
    'login',
  ).catch(() => undefined)
  await handlingEnd(req, () => settled(logIn))
  setRecord(req, { subject, loginAt: context.flow.clock(), returnTo, challengeId })
  req.secondFactor = notPassed(req)
  await saveSession(req)
}

/** The challenge of a record, unless it is to be kept. */
function otherThan({ challengeId }: SessionRecord, kept: string | undefined): string | undefined {
  return challengeId === kept ? undefined : challengeId
}

function wrapLogout(context: HttpContext, req: Request): void {
  const logOut = req.logOut.bind(req)
  const wrapped = (options: unknown, done?: Done) => {
    const { input, callback } = argumentsOf(options, done)
    if (callback === undefined) {
      logOut(input as never, callback as never)
      return
    }
    logout(context, req, (finish) => {
      logOut(input as never, finish)
    }).then(() => {
      callback()
    }, callback)
  }
  req.logout = req.logOut = wrapped as Request['logOut']
}

/** Ends the grant in the store, then the session; a fault of the store is reported once the session has ended. */
async function logout(
  context: HttpContext,
  req: Request,
  logOut: (finish: Done) => void,
): Promise<void> {
  const { secondFactor } = sessionOf(req)
  const ended = await Promise.allSettled([endHeld(context, secondFactor, 'logout')])
  await handlingEnd(req, () => settled(logOut))
  delete sessionOf(req).secondFactor
  req.secondFactor = notPassed(req)
  if (ended[0].status === 'rejected') throw ended[0].reason
}

function raisedFor(context: HttpContext, req: Request, user: Express.User): boolean {
  const current = userOf(req)
  return (
    passing.has(req) &&
    current !== null &&
    context.users.subject(current) === context.users.subject(user)
  )
}

/** Passport takes `(user, done)` and `(user, options, done)`, and for logout the same without the user. */
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
