/** Endpoints for vendors that report deliveries. They answer by the status alone, and need no session. */

import express, { type Request, type Response, type Router } from 'express'

import { ConfigurationError } from '../core/errors.js'
import { isRefusal, refuse, type Refusal } from '../core/refusal.js'
import { recordDelivery } from '../flows/record-delivery.js'
import type { ReceiptSource } from '../ports/receipt-source.js'
import { bytesReader } from './body.js'
import type { HttpContext } from './context.js'
import { statusOf } from './problem.js'
import { faultRefusal, setRetryAfter } from './respond.js'

/** A vendor's report has a few hundred bytes; of a text message it never has more than this. */
const maxBytes = 65_536

const readBytes = bytesReader(maxBytes)

/**
 * Makes the router. A request counts by its signature, whoever brings it: it is no browser's, so that origins
 * and cookies say nothing about it.
 *
 * @throws ConfigurationError where there is no source.
 */
export function createReceiptsRouter(context: HttpContext): Router {
  if (context.receipts.length === 0) {
    throw new ConfigurationError(
      'receiptsRouter() needs the option receipts, such as [twilioReceipts({ … })]; give it',
    )
  }
  const router = express.Router()
  for (const source of context.receipts) {
    router.all(`/${source.name}`, (req, res, next) => {
      answer(context, source, req, res).catch(next)
    })
  }
  return router
}

/**
 * The sources, if each can be an endpoint.
 *
 * @throws ConfigurationError where one has no `read`, or a name that is no path or another's too.
 */
export function checkedSources(sources: readonly ReceiptSource[] = []): readonly ReceiptSource[] {
  const given: readonly (Partial<ReceiptSource> | null)[] = Array.isArray(sources)
    ? sources
    : [null]
  const names = given.map((each) => (typeof each?.read === 'function' ? each.name : undefined))
  const usable = names.every((name) => typeof name === 'string' && /^[a-z\d-]{1,32}$/.test(name))
  if (usable && new Set(names).size === names.length) return sources
  throw new ConfigurationError(
    'receipts must be a list of sources such as twilioReceipts({ … }), each with a name of its own',
  )
}

async function answer(
  context: HttpContext,
  source: ReceiptSource,
  req: Request,
  res: Response,
): Promise<void> {
  res.set('Cache-Control', 'no-store')
  const refusal = await receive(context, source, req, res).catch((error: unknown) => {
    // A 5xx, so that the vendor reports again.
    const fault = faultRefusal(context, error)
    if (fault === null) throw error
    return fault
  })
  if (refusal !== null) {
    setRetryAfter(res, refusal)
    res.status(statusOf(refusal.code))
  }
  res.end()
}

/** Answers what it refuses; a forged request is refused by the status alone, as no client reads a reason. */
async function receive(
  context: HttpContext,
  source: ReceiptSource,
  req: Request,
  res: Response,
): Promise<Refusal | null> {
  if (req.method !== 'POST') {
    res.set('Allow', 'POST')
    return refuse('method_not_allowed')
  }
  const body = await readBytes(req, res)
  if (isRefusal(body)) return body
  const { originalUrl: url, headers } = req
  const reading = await source.read({ url, headers, body: body.bytes })
  if (reading.status === 'forged') {
    res.status(403)
    return null
  }
  for (const report of reading.reports) await recordDelivery(context, source.name, report)
  return null
}
