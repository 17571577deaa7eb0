/** Page addresses as browsers see them, with the prefix that a proxy strips. */

import type { Request } from 'express'

import type { HttpContext } from './context.js'
import { returnPath } from './return-path.js'

/** The path and query that the browser asked for, or `null` if they are not safe to redirect to. */
export function addressOf({ basePath }: HttpContext, req: Request): string | null {
  const address = returnPath(req.originalUrl)
  return address === null ? null : basePath + address
}

/**
 * A page to return to, or `null` if `url` is not one. A `GET` of the logout is never one: it would log people out again
 * as soon as they were in.
 */
export function pageToReturnTo({ logoutPath }: HttpContext, url: unknown): string | null {
  const page = returnPath(url)
  return page === null || logoutPath === null || !isSamePage(page, logoutPath) ? page : null
}

/**
 * Returns true if the request is for the logout, spelt exactly as in `logoutPath`: the application may route other
 * spellings elsewhere.
 */
export function isLogout({ basePath, logoutPath }: HttpContext, req: Request): boolean {
  const path = routedPath(req)
  if (logoutPath === null || path === null) return false
  return [pathOf(logoutPath), `${pathOf(logoutPath)}/`].includes(basePath + path)
}

/**
 * The path that Express routes a request by, exactly as sent; `null` if a handler has rewritten it, because then the
 * address says nothing about which route answers.
 */
export function routedPath(req: Request): string | null {
  const path = pathOf(req.originalUrl)
  const routed = req.baseUrl + pathOf(req.url)
  // Below a mount path, Express adds a slash before the remaining path.
  return routed === path || routed === `${path}/` ? path : null
}

/** The path of an address, without its query. */
export function pathOf(address: string): string {
  const [path = ''] = address.split('?')
  return path
}

/** Returns true if Express may treat both addresses as one: it ignores case, encoding and a trailing slash. */
function isSamePage(one: string, other: string): boolean {
  return plainPath(one) === plainPath(other)
}

function plainPath(address: string): string {
  const path = pathOf(address)
  const decoded = path.replace(/%([\da-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  )
  return decoded.toLowerCase().replace(/\/+$/, '')
}
