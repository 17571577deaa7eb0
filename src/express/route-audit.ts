/** Finds routes that the password alone opens: they served such a session, and no gate saw the request. */

import type { Request, Response } from 'express'

import { pathOf } from './address.js'
import type { HttpContext } from './context.js'
import { userOf } from './request-state.js'

/**
 * The largest number of routes kept, more than any application has. It bounds memory if one route is listed under many
 * names.
 */
const maxRoutes = 500

/** The longest route name that is kept and printed, in characters. */
const maxLength = 200

/** In production one in so many requests of such sessions is checked, and nothing is printed. */
const sampledEvery = 100

/** The routes found, by instance. */
const found = new WeakMap<HttpContext, Set<string>>()

/** Requests that our middleware has judged or answered, or whose login or logout it handled. */
const guarded = new WeakSet<Request>()

/** Marks a request as guarded, so that its route does not count as open. */
export function markGuarded(req: Request): void {
  guarded.add(req)
}

/** The routes found so far, by name, such as `GET /orders/:id`. */
export function openRoutesOf(context: HttpContext): readonly string[] {
  return [...(found.get(context) ?? [])].sort()
}

/** The share of requests to check, and the switch for printing what is found. */
export interface AuditMode {
  /** One request in so many is checked; 0 for none. */
  readonly every: number
  /** Requests since the last one that was checked. */
  passedOver: number
  readonly prints: boolean
}

/** Checks every request outside production, and a silent sample in production. */
export function auditMode(auditRoutes: boolean | undefined): AuditMode {
  const isProduction = process.env['NODE_ENV'] === 'production'
  if (auditRoutes === false) return { every: 0, passedOver: 0, prints: false }
  const isSampled = isProduction && auditRoutes === undefined
  return { every: isSampled ? sampledEvery : 1, passedOver: 0, prints: !isProduction }
}

/** Watches a request whose session has given only its password, and records the route if it is served. */
export function auditRequest(
  context: HttpContext,
  req: Request,
  res: Response,
  mode: AuditMode,
): void {
  if (mode.every === 0 || !hasPasswordAlone(req)) return
  mode.passedOver = (mode.passedOver + 1) % mode.every
  if (mode.passedOver > 0) return
  const params = collectParams(req)
  res.on('finish', () => {
    if (guarded.has(req) || !givesAnswer(req, res) || isLogin(context, req)) return
    const route = nameOf(req, params)
    const routes = found.get(context) ?? new Set()
    found.set(context, routes)
    if (routes.has(route) || routes.size >= maxRoutes) return
    routes.add(route)
    if (mode.prints) warn(route, res.statusCode)
  })
}

/** Needs no store call: a session that has never passed holds no grant. */
function hasPasswordAlone(req: Request): boolean {
  const session = req.session as Request['session'] | null | undefined
  return userOf(req) !== null && session?.secondFactor?.grantId === undefined
}

/**
 * Returns true if the status says that the request was served. A redirect after a form counts, because the form was
 * acted on. A redirect of a navigation mostly leads to a login or another page, which is checked on its own.
 */
function givesAnswer({ method }: Request, { statusCode }: Response): boolean {
  if (method === 'OPTIONS' || statusCode >= 400) return false
  const isNavigation = method === 'GET' || method === 'HEAD'
  return statusCode < 300 || statusCode === 304 || !isNavigation
}

/** The login page is for people without a login, and shows nobody's data. */
function isLogin({ basePath, loginPath }: HttpContext, req: Request): boolean {
  return loginPath !== null && basePath + pathOf(req.originalUrl) === loginPath
}

/**
 * Collects the parameters of every router on the way. Each router replaces those of the one above, but `req.baseUrl`
 * has their values.
 */
function collectParams(req: Request): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  let params = req.params as Request['params'] | undefined
  Object.defineProperty(req, 'params', {
    configurable: true,
    enumerable: true,
    get: () => params,
    set(next: Request['params'] | undefined) {
      params = next
      for (const [name, value] of Object.entries<unknown>(next ?? {})) {
        for (const segment of segmentsOf(value)) names.set(segment, name)
      }
    },
  })
  return names
}

/** The path segments in a parameter's value. A wildcard has several: a list in Express 5, a path in Express 4. */
function segmentsOf(value: unknown): readonly string[] {
  return [value].flat().flatMap((each) => (typeof each === 'string' ? each.split('/') : []))
}

/**
 * A segment that may be a secret, such as a reset token, and that no parameter names: Express does not show which part
 * of a mount path an expression matched.
 */
const mayBeSecret = /^(?=.*\d).{16,}$/

/** Names a route by its pattern. Values are left out: some are secrets, and each would count as another route. */
function nameOf(req: Request, params: ReadonlyMap<string, string>): string {
  const { baseUrl, method } = req
  const mountPath = baseUrl.split('/').map((segment) => {
    const name = segment === '' ? undefined : params.get(decoded(segment))
    if (name !== undefined) return `:${name}`
    return mayBeSecret.test(segment) ? '…' : segment
  })
  const { path = '/*' } = (req.route ?? {}) as { readonly path?: unknown }
  const full = mountPath.join('/') + (path === '/' && baseUrl !== '' ? '' : String(path))
  return `${method === 'HEAD' ? 'GET' : method} ${full}`.slice(0, maxLength)
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

function warn(route: string, status: number): void {
  process.emitWarning(
    `${route} answered ${status} to a session that has given only its password, and no gate saw the request. Unless it ` +
      'is a public page, mount it below secondFactor.gate(). To silence this: session({ auditRoutes: false })',
    { code: 'SECOND_FACTOR_OPEN_ROUTE' },
  )
}
