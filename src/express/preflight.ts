/** Handles CORS preflights: a browser asks whether a script may send a request to another origin. */

import type { Request, RequestHandler, Response } from 'express'

/**
 * Returns true for a preflight. The application's CORS middleware answers it. Browsers send it without cookies,
 * credentials or a body; a request with any of these is judged like every other.
 */
export function isPreflight({ method, headers }: Request): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined &&
    headers.cookie === undefined &&
    headers.authorization === undefined &&
    headers['transfer-encoding'] === undefined &&
    !(Number(headers['content-length'] ?? 0) > 0)
  )
}

/** Skips the router for preflights. */
export const passPreflight: RequestHandler = (req, _res, next) => {
  if (isPreflight(req)) next('router')
  else next()
}

/**
 * Sends only status and headers from here on. Browsers read nothing else of the response, and a handler below the gate
 * that answers every method would otherwise show its page to anybody.
 */
export function sendHeadersOnly(res: Response): void {
  const end = res.end.bind(res)
  const endWithoutBody = (...args: unknown[]): Response => {
    if (!res.headersSent) res.removeHeader('Content-Length')
    const done = args.find((argument) => typeof argument === 'function')
    return end(done as () => void)
  }
  Object.assign(res, { write: () => true, end: endWithoutBody })
}
