/** The application's log: each line is a JSON object with the time and the request. */

import { AsyncLocalStorage } from 'node:async_hooks'

import type { RequestHandler } from 'express'
import type { EventSink, SecondFactorEvent } from 'passport-second-factor'

/** Paths are cut to this length, because anybody can send a longer one. */
const longestRoute = 200

const routes = new AsyncLocalStorage<string>()

/** Remembers the request for log lines. Mount it before everything that may log. */
export const noteRoute: RequestHandler = (req, _res, next) => {
  // Without the query, which may hold a phone number.
  routes.run(`${req.method} ${req.path}`.slice(0, longestRoute), next)
}

/** Writes a line. It must not contain secrets. */
export function log(level: 'warn' | 'error', facts: object): void {
  const line = { at: new Date(), level, route: routes.getStore() ?? null, ...facts }
  console[level](JSON.stringify(line))
}

/** Events that an operator has to act on. */
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

/** Events that help when a user asks for support. */
const warnings: readonly SecondFactorEvent['type'][] = [
  'delivery_failed',
  'locked',
  'limit_reached',
  'guard_failed',
]

/** Logs the events that operators need. Events contain no codes and no whole phone numbers. */
export const operatorsLog: EventSink = {
  emit(event) {
    const isOurMistake = event.type === 'delivery_failed' && event.outcome === 'operator_fault'
    if (isOurMistake || alerts.includes(event.type)) log('error', event)
    else if (warnings.includes(event.type) || isHeld(event)) log('warn', event)
  },
}

/** True for a message that the limits refused, or would have refused. */
function isHeld(event: SecondFactorEvent): boolean {
  return event.type === 'send_decided' && event.verdict !== 'allowed'
}
