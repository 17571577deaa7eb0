/** A browser's question, before a script's request from another origin, whether it may send that. */

import type { Request, RequestHandler, Response } from 'express'

/**
 * Whether this is such a question. The application's own CORS middleware answers it. Browsers send it without
 * cookies, credentials and body; whatever has one of these is judged as any other request.
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

/** Leaves the router for such a question. */
export const passPreflight: RequestHandler = (req, _res, next) => {
  if (isPreflight(req)) next('router')
  else next()
}

/**
 * Has nothing but status and headers go out from here on: browsers read no more of the answer, and a handler below the
 * gate that answers every method would otherwise show its page to anybody.
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
