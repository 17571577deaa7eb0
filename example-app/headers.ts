/** Security headers: browsers must not cache or frame pages, or load anything from elsewhere. */

import { join } from 'node:path'

import express, { type RequestHandler } from 'express'

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

/** The headers of every response. */
export const headers: RequestHandler = (_req, res, next) => {
  res.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': policy,
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  })
  next()
}

/** Lets a page's script make requests to this application, and nowhere else. */
export const mayAsk: RequestHandler = (_req, res, next) => {
  res.set('Content-Security-Policy', `${policy}; connect-src 'self'`)
  next()
}

/** Style sheets, icons and scripts. They are the same for everybody, so browsers may cache them and revalidate. */
export function publicFiles(folder: string): RequestHandler {
  return express.static(join(folder, 'public'), {
    index: false,
    redirect: false,
    setHeaders(res) {
      res.setHeader('Cache-Control', 'no-cache')
    },
  })
}
