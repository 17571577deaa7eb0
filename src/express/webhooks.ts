/** Mounts endpoints for vendors. They respond with a status alone, and need no session. */

import express, { type Request, type Response, type Router } from 'express'

import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import type { Webhook } from '../ports/open-route.js'
import { bytesReader } from './body.js'
import type { HttpContext } from './context.js'
import { statusOf } from './problem.js'
import { faultOf, faultRefusal, setRetryAfter } from './respond.js'

/**
 * Makes the router. A request is authenticated by its signature; origins and cookies say nothing, because no browser
 * sends it.
 */
export function createWebhookRouter(context: HttpContext, webhooks: readonly Webhook[]): Router {
  const router = express.Router()
  for (const webhook of webhooks) {
    const readBytes = bytesReader(webhook.maxBytes)
    router.all(webhook.path, (req, res, next) => {
      respond(context, res, () => receive(req, res, webhook, readBytes)).catch((error: unknown) => {
        next(faultOf(error))
      })
    })
  }
  return router
}

async function respond(
  context: HttpContext,
  res: Response,
  work: () => Promise<Refusal | null>,
): Promise<void> {
  res.set('Cache-Control', 'no-store')
  const refused = await work().catch((error: unknown) => {
    // A 5xx makes the vendor report again.
    const fault = faultRefusal(context, error)
    if (fault === null) throw error
    return fault
  })
  if (refused !== null) {
    setRetryAfter(res, refused)
    res.status(statusOf(context.factors, refused.code))
  }
  res.end()
}

/** A forged request gets a bare 403, because no client reads a reason. */
async function receive(
  req: Request,
  res: Response,
  webhook: Webhook,
  readBytes: ReturnType<typeof bytesReader>,
): Promise<Refusal | null> {
  if (req.method !== 'POST') {
    res.set('Allow', 'POST')
    return refusal('method_not_allowed')
  }
  const body = await readBytes(req, res)
  if (isRefusal(body)) return body
  const { originalUrl: url, headers } = req
  const outcome = await webhook.handle({ url, headers, body: body.bytes })
  if (outcome === 'forged') res.status(403)
  return null
}
