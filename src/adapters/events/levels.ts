/** The log level of each event. */

/** The log levels. A logger needs a method for each. */
export const levels = ['error', 'warn', 'info', 'debug'] as const

/** A log level. */
export type Level = (typeof levels)[number]

/** `error`: an operator has to act. `warn`: signs of an attack or an outage. `info`: changes in access. Else `debug`. */
const loud: Readonly<Record<Exclude<Level, 'debug'>, readonly string[]>> = {
  error: [
    ...['fault', 'set_up_mistake', 'clock_skew', 'check_failed', 'guard_failed'],
    ...['factors_lost', 'factor_unreadable', 'device_token_reused', 'passkey_origin_mismatch'],
  ],
  warn: [
    ...['locked', 'delivery_failed', 'limit_reached', 'code_reused', 'passkey_suspicious'],
    ...['recovery_code_used'],
  ],
  info: [
    ...['passed', 'phone_verified', 'reset', 'factors_reset', 'factor_added', 'factor_removed'],
    ...['all_grants_revoked', 'device_trusted', 'device_revoked', 'forgotten', 'codes_switched'],
    ...['phone_forgotten'],
  ],
}

/** Returns the level of an event. A message that failed for the operator's account at a vendor is an `error`. */
export function levelOf(
  event: Readonly<Record<string, unknown>> & { readonly type: string },
): Level {
  if (event['outcome'] === 'operator_fault') return 'error'
  if (event.type === 'send_decided' && event['verdict'] !== 'allowed') return 'warn'
  return levels.find((level) => level !== 'debug' && loud[level].includes(event.type)) ?? 'debug'
}
