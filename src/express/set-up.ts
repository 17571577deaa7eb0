/** Mistakes in how an application is put together, told to its developer in place of a redirect without an end. */

import type { Request, RequestHandler } from 'express'

import { ConfigurationError } from '../core/errors.js'
import { pathOf } from './address.js'
import type { HttpContext } from './context.js'
import { isNavigation } from './negotiate.js'

/** What was already said, by instance. */
const said = new WeakMap<HttpContext, Set<string>>()

/** Which instance's `session()` saw a request. */
const owners = new WeakMap<Request, HttpContext>()

/**
 * Notes whose `session()` sees a request. Returns the mistake where another instance has seen it before: they would
 * overwrite each other's grant in the session.
 */
export function claimRequest(context: HttpContext, req: Request): ConfigurationError | null {
  const owner = owners.get(req)
  if (owner !== undefined && owner !== context) return twoInstances()
  owners.set(req, context)
  return null
}

/**
 * The mistake where Passport is older than 0.6, whatever the package manager was told to ignore. Its `req.logout()` takes
 * no callback, so that nothing could wait for the grant to end, and its login keeps the session's id, which an attacker may
 * have planted.
 */
export function oldPassport(req: Request): ConfigurationError | null {
  const { _sessionManager: manager, _passport: passport } = req as PassportsOwn
  // 0.4 keeps its own on the instance alone; the others tell each other apart by the callbacks they take.
  const isOld = manager === undefined ? passport?.instance !== undefined : manager.logOut.length < 3
  if (!isOld) return null
  return new ConfigurationError(
    'Passport before 0.6 keeps the session id at a login and cannot wait for a logout; install passport@0.7, and give ' +
      'req.logout() a callback',
  )
}

/** What Passport leaves at a request for itself. */
interface PassportsOwn {
  readonly _sessionManager?: { readonly logOut: (...args: never[]) => unknown }
  readonly _passport?: { readonly instance?: unknown }
}

/**
 * Makes sure that a handler is of the instance whose `session()` saw the request, and that the user is where this
 * package reads it.
 *
 * @throws ConfigurationError where that is not so.
 */
export function checkRequest(context: HttpContext, req: Request): void {
  const owner = owners.get(req)
  if (owner !== undefined && owner !== context) throw twoInstances()
  const property: unknown = Reflect.get(req, '_userProperty')
  const isElsewhere = typeof property === 'string' && property !== 'user'
  if (isElsewhere && !req.user && Boolean(Reflect.get(req, property))) {
    throw new ConfigurationError(
      `passport.initialize() keeps the user in req.${property}; leave its option userProperty out, as the second ` +
        'factor reads req.user',
    )
  }
}

function twoInstances(): ConfigurationError {
  return new ConfigurationError(
    'two instances share one session, where each would end the grants of the other; call createSecondFactor() once, ' +
      'and use its session(), router() and gate() everywhere',
  )
}

/**
 * Checks a request that the gate is about to stop: one that belongs to the second factor's own page, or to the login
 * page, would be redirected to itself again and again.
 *
 * @throws ConfigurationError where that is so.
 */
export function checkStopped(context: HttpContext, req: Request, isLoggedIn: boolean): void {
  const { basePath, mountPath, loginPath } = context
  const path = basePath + pathOf(req.originalUrl).replace(/\/+$/, '')
  if (['', '/challenge', '/verify'].some((own) => path === mountPath + own)) {
    throw new ConfigurationError(
      `the gate has stopped a request for ${path}, which the router answers: mount router() there, above the gate, ` +
        'or set mountPath to where it is',
      'mountPath',
    )
  }
  const isLogin = loginPath !== null && path === pathOf(loginPath).replace(/\/+$/, '')
  if (isLogin && !isLoggedIn && isNavigation(req)) {
    throw new ConfigurationError(
      `the gate has stopped a request for the login page, ${path}: mount the login above the gate`,
      'loginPath',
    )
  }
}

/** Warns, once, where the router is not at `mountPath`, so that the gate would lead people past it. */
export function warnOfMount(context: HttpContext): RequestHandler {
  const { basePath, mountPath } = context
  return (req, _res, next) => {
    const at = basePath + req.baseUrl.replace(/\/+$/, '')
    // Express minds no case.
    if (at.toLowerCase() !== mountPath.toLowerCase()) {
      const prefix = mountPath.endsWith(at) ? mountPath.slice(0, -at.length) : ''
      const remedy =
        at !== '' && prefix !== ''
          ? `if a proxy strips ${prefix} from the path, set basePath to '${prefix}'`
          : `mount it at ${mountPath}, or set mountPath to '${at}'`
      warnOnce(
        context,
        'MOUNT_PATH',
        `router() is mounted at ${at || '/'}, and mountPath is ${mountPath}: ${remedy}`,
      )
    }
    next()
  }
}

/**
 * Warns, once, where somebody comes to the second factor without a login, and the session's cookie is one that this
 * connection cannot have been given: then no login is kept, and everybody is sent to log in again and again.
 */
export function warnOfCookie(context: HttpContext, req: Request): void {
  const session = req.session as Request['session'] | undefined
  const isEncrypted = Reflect.get(req.socket, 'encrypted') === true
  if (session?.cookie.secure !== true || isEncrypted || req.secure) return
  warnOnce(
    context,
    'SECURE_COOKIE',
    'the session cookie is secure, and Express takes the connection for plain HTTP, so that express-session sets no ' +
      "cookie and no login is kept: behind a proxy that ends TLS, call app.set('trust proxy', 1)",
  )
}

function warnOnce(context: HttpContext, topic: string, message: string): void {
  const topics = said.get(context) ?? new Set()
  if (topics.has(topic)) return
  said.set(context, topics.add(topic))
  process.emitWarning(message, { code: `SECOND_FACTOR_${topic}` })
}
