/** What a browser may do with the pages: keep none, frame none, and load nothing from anywhere else. */

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

/** For every answer. */
export const headers: RequestHandler = (_req, res, next) => {
  res.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': policy,
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  })
  next()
}

/** For a page whose script asks this application, and nobody else. */
export const mayAsk: RequestHandler = (_req, res, next) => {
  res.set('Content-Security-Policy', `${policy}; connect-src 'self'`)
  next()
}

/** The style sheets, the icon and the scripts. They are nobody's own: a browser may keep them, and asks whether they changed. */
export function publicFiles(folder: string): RequestHandler {
  return express.static(join(folder, 'public'), {
    index: false,
    redirect: false,
    setHeaders(res) {
      res.setHeader('Cache-Control', 'no-cache')
    },
  })
}
