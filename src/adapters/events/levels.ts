/** How loud an event is. */

/** The levels, which every logger has a method for. */
export const levels = ['error', 'warn', 'info', 'debug'] as const

/** A level. */
export type Level = (typeof levels)[number]

/** Somebody has to mend something; a sign of an attack or of an outage; a change of who gets in. All else is for a search. */
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
  ],
}

/** The level of an event. What an operator has done wrong at a vendor is as loud as a fault. */
export function levelOf(
  event: Readonly<Record<string, unknown>> & { readonly type: string },
): Level {
  if (event['outcome'] === 'operator_fault') return 'error'
  if (event.type === 'send_decided' && event['verdict'] !== 'allowed') return 'warn'
  return levels.find((level) => level !== 'debug' && loud[level].includes(event.type)) ?? 'debug'
}
