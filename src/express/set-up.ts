/** Detects mistakes in how an application is put together, and reports them instead of redirecting forever. */

import type { Request, RequestHandler } from 'express'

import { ConfigurationError } from '../core/errors.js'
import { pathOf } from './address.js'
import type { HttpContext } from './context.js'
import { isNavigation } from './negotiate.js'
import { userOf } from './request-state.js'

/** Warnings already given, by instance. */
const said = new WeakMap<HttpContext, Set<string>>()

/** The instance whose `session()` saw each request. */
const owners = new WeakMap<Request, HttpContext>()

/**
 * Records which instance's `session()` sees a request. Returns the mistake if another instance has seen it before,
 * because they would overwrite each other's grant in the session.
 */
export function claimRequest(context: HttpContext, req: Request): ConfigurationError | null {
  const owner = owners.get(req)
  if (owner !== undefined && owner !== context) return twoInstances()
  owners.set(req, context)
  return null
}

/**
 * The mistake if Passport is older than 0.6, even if the package manager ignored our peer range. Its `req.logout()`
 * takes no callback, so nothing can wait for the grant to end, and its login keeps the session id, which an attacker
 * may have planted.
 */
export function oldPassport(req: Request): ConfigurationError | null {
  const { _sessionManager: manager, _passport: passport } = req as PassportsOwn
  // Passport 0.4 keeps its state on the instance alone; later versions differ in the callbacks they take.
  const isOld = manager === undefined ? passport?.instance !== undefined : manager.logOut.length < 3
  if (!isOld) return null
  return new ConfigurationError(
    'Passport before 0.6 keeps the session id at a login and cannot wait for a logout; install passport@0.7, and pass ' +
      'req.logout() a callback',
  )
}

/** Properties that Passport sets on a request and its session for itself. */
interface PassportsOwn {
  readonly session?: { readonly passport?: { readonly user?: unknown } } | null
  readonly _sessionManager?: { readonly logOut: (...args: never[]) => unknown }
  readonly _passport?: { readonly instance?: unknown }
}

/**
 * Asserts that a handler belongs to the instance whose `session()` saw the request, and that the user is in `req.user`.
 *
 * @throws ConfigurationError if either is not the case.
 */
export function checkRequest(context: HttpContext, req: Request): void {
  const owner = owners.get(req)
  if (owner !== undefined && owner !== context) throw twoInstances()
  const property: unknown = Reflect.get(req, '_userProperty')
  const isElsewhere = typeof property === 'string' && property !== 'user'
  if (isElsewhere && !req.user && Boolean(Reflect.get(req, property))) {
    throw new ConfigurationError(
      `passport.initialize() keeps the user in req.${property}; remove the option userProperty, because the ` +
        'second factor reads req.user',
    )
  }
}

/**
 * Returns true for a request without any login, which some gates let through.
 *
 * @throws ConfigurationError if its session holds a login that nobody has read. Below the gate, `passport.session()`
 * would read it, and the password alone would be enough.
 */
export function isAnonymous(req: Request): boolean {
  if (userOf(req) !== null) return false
  // Passport deletes the login of a user that no longer exists.
  const { session } = req as PassportsOwn
  if ((session?.passport?.user ?? null) === null) return true
  throw new ConfigurationError(
    'the session holds a login, but req.user is missing at the gate; mount passport.session() above ' +
      'secondFactor.session(), so that the gate sees every login',
  )
}

function twoInstances(): ConfigurationError {
  return new ConfigurationError(
    'two instances share one session, and each would end grants of the other; call createSecondFactor() once, ' +
      'and use its session(), router() and gate() everywhere',
  )
}

/**
 * Checks a request that the gate is about to stop. A request for the second factor's own page, or for the login page,
 * would be redirected to itself forever.
 *
 * @throws ConfigurationError for such a request.
 */
export function checkStopped(context: HttpContext, req: Request, isLoggedIn: boolean): void {
  const { basePath, mountPath, loginPath } = context
  const path = basePath + pathOf(req.originalUrl).replace(/\/+$/, '')
  if (['', '/challenge', '/verify'].some((own) => path === mountPath + own)) {
    throw new ConfigurationError(
      `the gate has stopped a request for ${path}, which the router answers: mount router() there, above the gate, ` +
        'or set mountPath to its path',
      'mountPath',
    )
  }
  const isLogin = loginPath !== null && path === pathOf(loginPath).replace(/\/+$/, '')
  if (isLogin && !isLoggedIn && isNavigation(req)) {
    throw new ConfigurationError(
      `the gate has stopped a request for the login page, ${path}; mount the login above the gate`,
      'loginPath',
    )
  }
}

/**
 * Warns once if the router is not mounted at `mountPath`, because the gate would then send people to the wrong address.
 */
export function warnOfMount(context: HttpContext): RequestHandler {
  const { basePath, mountPath } = context
  return (req, _res, next) => {
    const at = basePath + req.baseUrl.replace(/\/+$/, '')
    // Express ignores case in paths.
    if (at.toLowerCase() !== mountPath.toLowerCase()) {
      const prefix = mountPath.endsWith(at) ? mountPath.slice(0, -at.length) : ''
      const remedy =
        at !== '' && prefix !== ''
          ? `if a proxy strips ${prefix} from the path, set basePath to '${prefix}'`
          : `mount it at ${mountPath}, or set mountPath to '${at}'`
      warnOnce(
        context,
        'MOUNT_PATH',
        `router() is mounted at ${at || '/'}, but mountPath is ${mountPath}: ${remedy}`,
      )
    }
    next()
  }
}

/**
 * Warns once if somebody reaches the second factor without a login, and the session cookie is `Secure` while the
 * connection looks like plain HTTP: the browser then never got the cookie, and everybody is sent to log in forever.
 */
export function warnOfCookie(context: HttpContext, req: Request): void {
  const session = req.session as Request['session'] | undefined
  const isEncrypted = Reflect.get(req.socket, 'encrypted') === true
  if (session?.cookie.secure !== true || isEncrypted || req.secure) return
  warnOnce(
    context,
    'SECURE_COOKIE',
    'the session cookie is secure, but Express sees plain HTTP, so express-session sets no ' +
      "cookie and no login is kept: behind a proxy that ends TLS, call app.set('trust proxy', 1)",
  )
}

function warnOnce(context: HttpContext, topic: string, message: string): void {
  const topics = said.get(context) ?? new Set()
  if (topics.has(topic)) return
  said.set(context, topics.add(topic))
  process.emitWarning(message, { code: `SECOND_FACTOR_${topic}` })
}
