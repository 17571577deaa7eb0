/** Addresses of pages as browsers see them: with the prefix that a proxy strips from requests. */

import type { Request } from 'express'

import type { HttpContext } from './context.js'
import { returnPath } from './return-path.js'

/** The path and query that a browser asked for, or `null` where they are not safe to redirect to. */
export function addressOf({ basePath }: HttpContext, req: Request): string | null {
  const address = returnPath(req.originalUrl)
  return address === null ? null : basePath + address
}

/**
 * A page to return to, or `null` where `url` is none. A `GET` of the logout is never one: a person would be out
 * again as soon as they were in.
 */
export function pageToReturnTo({ logoutPath }: HttpContext, url: unknown): string | null {
  const page = returnPath(url)
  return page === null || logoutPath === null || !isSamePage(page, logoutPath) ? page : null
}

/**
 * Whether a request is for the logout. It has to be spelt as in `logoutPath`: what an application does with another
 * spelling is not known here.
 */
export function isLogout({ basePath, logoutPath }: HttpContext, req: Request): boolean {
  const path = routedPath(req)
  if (logoutPath === null || path === null) return false
  return [pathOf(logoutPath), `${pathOf(logoutPath)}/`].includes(basePath + path)
}

/**
 * The path that Express routes a request by, exactly as it was sent; `null` where a handler has rewritten it, so that
 * the address which the browser asked for says nothing about what answers.
 */
export function routedPath(req: Request): string | null {
  const path = pathOf(req.originalUrl)
  const routed = req.baseUrl + pathOf(req.url)
  // Below a mount path, Express puts a slash before what is left.
  return routed === path || routed === `${path}/` ? path : null
}

/** The path of an address, without its query. */
export function pathOf(address: string): string {
  const [path = ''] = address.split('?')
  return path
}

/** Whether Express may take two addresses for one: it minds neither case, nor encoding, nor a slash at the end. */
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
