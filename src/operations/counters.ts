/** The counters of the overview, and the rules by which events add to them. */

/** The upper bounds of the wait counters, in seconds; longer waits count as `more`. */
export const waitBounds = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600] as const

/** The names of counters, which follow `o:` in the counts. */
export const counted = [
  // Messages, by the vendor's answer.
  ...(['sent', 'unsure', 'rejected', 'misconfigured'] as const),
  // Messages that did not arrive, by the vendor's report.
  'undelivered',
  // Second factors passed, and those passed by a message.
  ...(['passed', 'verified'] as const),
  // Wrong evidence; evidence refused by a lock; requests for a message that were refused; messages refused by a limit.
  ...(['wrong', 'barred', 'refused', 'limited'] as const),
  // Limits that are used up.
  'full',
  ...(['locked', 'suspicious'] as const),
  // Faults, by the part that needs fixing.
  ...(['fault-store', 'fault-users', 'fault-limits', 'fault-sender', 'fault-setup'] as const),
  ...(['fault-audit', 'fault-other'] as const),
] as const

/** The name of a counter. */
export type Counted = (typeof counted)[number]

/** The names of the fault counters. */
export const faults = counted.filter((name) => name.startsWith('fault-'))

type Fields = Readonly<Record<string, unknown>>
type Rule = (event: Fields) => readonly string[]

const only =
  (...names: readonly Counted[]): Rule =>
  () =>
    names

const failures: Readonly<Record<string, Counted>> = {
  maybe_sent: 'unsure',
  rejected: 'rejected',
  operator_fault: 'misconfigured',
}

const faultsByCode: Readonly<Record<string, Counted>> = {
  store_unavailable: 'fault-store',
  directory_unavailable: 'fault-users',
  limits_unavailable: 'fault-limits',
  audit_unavailable: 'fault-audit',
}

// Events of factors are matched by name, because nothing here imports a factor.
const rules: Readonly<Record<string, Rule>> = {
  challenge_sent: ({ country }) => ['sent', `s:${countryOf(country)}`],
  delivery_failed: ({ outcome, country, resent }) => [
    // A vendor's report about an earlier message is not another message.
    ...(resent === null ? [] : named(failures, outcome)),
    ...(resent !== null && outcome === 'maybe_sent' ? [`s:${countryOf(country)}`] : []),
    ...(outcome === 'operator_fault' ? ['fault-sender'] : []),
  ],
  delivery_reported: ({ delivery }) => (delivery === 'failed' ? ['undelivered'] : []),
  passed: ({ elapsedSeconds, country }) => [
    'passed',
    ...(typeof elapsedSeconds === 'number'
      ? ['verified', waitName(elapsedSeconds), `v:${countryOf(country)}`]
      : []),
  ],
  verify_refused: ({ code }) => [code === 'locked_out' ? 'barred' : 'wrong'],
  start_refused: only('refused'),
  send_decided: ({ verdict }) => (verdict === 'refused' ? ['limited'] : []),
  limit_reached: ({ share }) => (share === 1 ? ['full'] : []),
  locked: only('locked'),
  fault: ({ code }) =>
    Object.hasOwn(faultsByCode, String(code)) ? named(faultsByCode, code) : ['fault-other'],
  check_failed: only('fault-sender'),
  guard_failed: only('fault-limits'),
  set_up_mistake: only('fault-setup'),
  clock_skew: only('fault-setup'),
  factors_lost: only('fault-other'),
  factor_unreadable: only('fault-setup'),
  code_reused: only('suspicious'),
  device_token_reused: only('suspicious'),
  passkey_origin_mismatch: only('suspicious'),
  passkey_suspicious: only('suspicious'),
}

/** The counters that an event adds one to. */
export function countersOf(event: Fields & { readonly type: string }): readonly string[] {
  const rule = Object.hasOwn(rules, event.type) ? rules[event.type] : undefined
  return (rule?.(event) ?? []).map(counterOf)
}

/** The name of a counter in the counts. The prefix keeps it apart from the counters of limits. */
export function counterOf(name: string): string {
  return `o:${name}`
}

/** The name of the counter for a wait of this length. */
export function waitName(seconds: number): string {
  return `wait:${waitBounds.find((bound) => seconds <= bound) ?? 'more'}`
}

/** The names of all wait counters, shortest first. */
export const waitNames: readonly string[] = [...waitBounds, 'more'].map((bound) => `wait:${bound}`)

/** ISO 3166 codes are few; all other values count as one. */
function countryOf(country: unknown): string {
  return typeof country === 'string' && /^[A-Z]{2}$/.test(country) ? country : otherCountry
}

/** Networks without a country, and unknown countries. */
export const otherCountry = 'other'

function named(names: Readonly<Record<string, Counted>>, key: unknown): readonly Counted[] {
  const found = Object.hasOwn(names, String(key)) ? names[String(key)] : undefined
  return found === undefined ? [] : [found]
}
