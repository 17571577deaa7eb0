/** To the second factor what `passport.session()` is to the first: a login begins it, a logout ends it. */

import type { Request, RequestHandler } from 'express'

import { SessionError } from '../core/errors.js'
import { endGrant } from '../flows/grants.js'
import type { HttpContext } from './context.js'
import { notPassed, userOf } from './request-state.js'
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

/**
 * Sets `req.secondFactor`, and makes `req.logIn`, `req.logOut` and `req.session.destroy` end the grant that
 * the session holds.
 */
export function createSession(context: HttpContext): RequestHandler {
  return (req, _res, next) => {
    if (typeof req.logIn !== 'function' || typeof req.logOut !== 'function') {
      next(new SessionError('mount secondFactor.session() after passport.session()'))
      return
    }
    req.secondFactor = notPassed(req)
    wrapLogin(context, req)
    wrapLogout(context, req)
    wrapDestroy(context, req)
    next()
  }
}

function wrapLogin(context: HttpContext, req: Request): void {
  const logIn = req.logIn.bind(req)
  const wrapped = (user: Express.User, options: unknown, done?: Done) => {
    const { given, callback } = argumentsOf(options, done)
    // Without a session there is nothing to begin; without a callback Passport says so itself.
    if (callback === undefined || given.session === false) {
      logIn(user, given as never, callback as never)
      return
    }
    const work = raisedFor(context, req, user)
      ? Promise.resolve()
      : login(context, req, user, (finish) => {
          logIn(user, given as never, finish)
        })
    work.then(() => {
      callback()
    }, callback)
  }
  req.login = req.logIn = wrapped as Request['logIn']
}

/** Ends what the session held, lets Passport log in, and records when the password was accepted. */
async function login(
  context: HttpContext,
  req: Request,
  user: Express.User,
  logIn: (finish: Done) => void,
): Promise<void> {
  const { returnTo } = recordOf(req, null)
  // The login stands whatever the store says: Passport ends the old session, and the grant goes with it.
  await endHeldGrant(context, sessionOf(req).secondFactor, 'login').catch(() => undefined)
  await settled(logIn)
  const subject = context.users.subject(user)
  setRecord(req, { subject, loginAt: context.flow.clock(), returnTo })
  req.secondFactor = notPassed(req)
  await saveSession(req)
}

function wrapLogout(context: HttpContext, req: Request): void {
  const logOut = req.logOut.bind(req)
  const wrapped = (options: unknown, done?: Done) => {
    const { given, callback } = argumentsOf(options, done)
    if (callback === undefined) {
      logOut(given as never, callback as never)
      return
    }
    logout(context, req, (finish) => {
      logOut(given as never, finish)
    }).then(() => {
      callback()
    }, callback)
  }
  req.logout = req.logOut = wrapped as Request['logOut']
}

/** Ends the grant in the store, then the session; a store that fails is told after the session has ended. */
async function logout(
  context: HttpContext,
  req: Request,
  logOut: (finish: Done) => void,
): Promise<void> {
  const { secondFactor } = sessionOf(req)
  const ended = await Promise.allSettled([endHeldGrant(context, secondFactor, 'logout')])
  await settled(logOut)
  delete sessionOf(req).secondFactor
  req.secondFactor = notPassed(req)
  if (ended[0].status === 'rejected') throw ended[0].reason
}

/**
 * Applications also log out with `req.session.destroy`. A slow request may write that session back, alive,
 * so the grant has to end in the store.
 */
function wrapDestroy(context: HttpContext, req: Request): void {
  const session = req.session as Request['session'] | undefined
  if (typeof session?.destroy !== 'function') return
  const destroy = session.destroy.bind(session)
  const wrapped = (done?: Done) => {
    // Heard at once: the store may fail long before the session store answers.
    const ended = endHeldGrant(context, session.secondFactor, 'logout').then(
      () => null,
      (fault: unknown) => fault,
    )
    destroy((error: unknown) => {
      void ended.then((fault) => done?.(error ?? fault))
    })
    return session
  }
  // Not enumerable, or a login that keeps the session's keys would hand it to the next session.
  Object.defineProperty(session, 'destroy', { value: wrapped, configurable: true, writable: true })
}

async function endHeldGrant(
  context: HttpContext,
  record: SessionRecord | undefined,
  reason: 'login' | 'logout',
): Promise<void> {
  const { subject, grantId } = record ?? {}
  if (subject === undefined || grantId === undefined) return
  context.grants.forget(subject)
  // Again afterwards: another request may have read the grant while it was ending.
  await endGrant(context.flow, subject, grantId, reason).finally(() => {
    context.grants.forget(subject)
  })
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
): { given: { session?: boolean }; callback: Done | undefined } {
  if (typeof options === 'function') return { given: {}, callback: options as Done }
  return { given: options ?? {}, callback: done }
}

function settled(call: (finish: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    call((error) => {
      if (error === undefined || error === null) resolve()
      else reject(error instanceof Error ? error : new Error('the login failed', { cause: error }))
    })
  })
}
