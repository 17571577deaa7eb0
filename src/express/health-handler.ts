/** Reports health to load balancers and monitors. */

import type { RequestHandler } from 'express'

import { health, timeoutOf, type HealthOptions } from '../flows/health.js'
import type { Health } from '../ports/health.js'
import type { HttpContext } from './context.js'
import { handler } from './respond.js'

/**
 * Makes the handler: 200 while people can pass, even if degraded, and 503 while nobody can. Requests that arrive during
 * a check share its result, so a flood of them causes one store call at a time.
 */
export function createHealthHandler(context: HttpContext, options: HealthOptions): RequestHandler {
  timeoutOf(options)
  let running: Promise<Health> | null = null
  const check = () => {
    running ??= health(context.flow, options).finally(() => {
      running = null
    })
    return running
  }
  return handler(context, async (_req, res) => {
    const answer = await check()
    res.set('Cache-Control', 'no-store').status(answer.status === 'down' ? 503 : 200)
    res.json(answer)
  })
}
