/** The log of the application: each line is one JSON object, with its time and the request that it comes from. */

import { AsyncLocalStorage } from 'node:async_hooks'

import type { RequestHandler } from 'express'
import type { EventSink, SecondFactorEvent } from 'passport-second-factor'

/** An address that somebody makes up may be of any length. */
const longestRoute = 200

const routes = new AsyncLocalStorage<string>()

/** Notes which request the lines come from; put it before everything that may log. */
export const noteRoute: RequestHandler = (req, _res, next) => {
  // Without the query, which may hold a phone number.
  routes.run(`${req.method} ${req.path}`.slice(0, longestRoute), next)
}

/** Writes a line. Nothing in it may be secret. */
export function log(level: 'warn' | 'error', facts: object): void {
  const line = { at: new Date(), level, route: routes.getStore() ?? null, ...facts }
  console[level](JSON.stringify(line))
}

/** Events that an operator has to look into. */
const alerts: readonly SecondFactorEvent['type'][] = [
  'fault',
  'set_up_mistake',
  'check_failed',
  'clock_skew',
  'factors_lost',
  'factor_unreadable',
  'device_token_reused',
  'passkey_origin_mismatch',
]

/** Events worth knowing when somebody asks for help. */
const warnings: readonly SecondFactorEvent['type'][] = [
  'delivery_failed',
  'locked',
  'limit_reached',
  'guard_failed',
]

/** Logs what an operator should look at. Events carry neither codes nor whole phone numbers. */
export const operatorsLog: EventSink = {
  emit(event) {
    const isOurMistake = event.type === 'delivery_failed' && event.outcome === 'operator_fault'
    if (isOurMistake || alerts.includes(event.type)) log('error', event)
    else if (warnings.includes(event.type) || isHeld(event)) log('warn', event)
  },
}

/** A message that the limits have refused, or would have. */
function isHeld(event: SecondFactorEvent): boolean {
  return event.type === 'send_decided' && event.verdict !== 'allowed'
}
