/** Responds to operators: pages for people, JSON for programs. */

import { STATUS_CODES } from 'node:http'

import type { Request, Response } from 'express'

import { operationsAsset, assets } from '../pages/assets.js'
import type { Html } from '../pages/html.js'
import {
  operationsDocument,
  operationsPolicy,
  type OperationsFrame,
} from '../operations/document.js'
import { problemBody } from '../operations/person-page.js'
import type { HttpContext } from './context.js'
import { wantsPage } from './negotiate.js'

/** An error shown to an operator. */
export interface OperationsProblem {
  readonly status: number
  readonly code: 'user_unknown' | 'own_account' | 'reason_required' | 'audit_unavailable'
  readonly title: string
  readonly detail: string
}

/** The frame of the operators' pages, with addresses below the path of its router. */
export function frameFor(context: HttpContext, req: Request): OperationsFrame {
  const { appName, basePath, factors, pages } = context
  const mount = `${basePath}${req.baseUrl}`
  return {
    ...{ mount, appName },
    stylesheets: [
      ...[assets.style, operationsAsset].map(({ name }) => `${mount}/assets/${name}`),
      ...(pages.stylesheet === null ? [] : [pages.stylesheet]),
    ],
    lookUps: factors.flatMap(({ insight }) => insight?.lookUp?.by ?? []),
  }
}

/** Sends a page. */
export function sendOperationsPage(
  context: HttpContext,
  req: Request,
  res: Response,
  title: string,
  body: Html,
): void {
  // Replaces the application's policy: beside ours, browsers would enforce both, and ours is the stricter.
  res.set({
    ...{ 'Cache-Control': 'no-store', 'Referrer-Policy': 'same-origin' },
    ...{ 'X-Content-Type-Options': 'nosniff', 'X-Frame-Options': 'DENY' },
    'Content-Security-Policy': operationsPolicy,
  })
  res.type('html').send(operationsDocument(frameFor(context, req), title, body))
}

/** Sends JSON. */
export function sendOperationsJson(res: Response, answer: object): void {
  res.set('Cache-Control', 'no-store').json(answer)
}

/** Sends an error: a page, or `application/problem+json`. */
export function sendOperationsProblem(
  context: HttpContext,
  req: Request,
  res: Response,
  { status, code, title, detail }: OperationsProblem,
): void {
  res.status(status)
  if (wantsPage(req)) {
    sendOperationsPage(context, req, res, title, problemBody(title, detail))
    return
  }
  const problem = { type: 'about:blank', title: STATUS_CODES[status], status, detail, code }
  res.set('Cache-Control', 'no-store').type('application/problem+json')
  res.send(JSON.stringify(problem))
}
