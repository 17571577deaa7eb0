/** The counters of the page of operators, and which of them an event adds to. Events of factors are read by name. */

/** Upper ends of the waits that are counted apart, in seconds; longer ones count as `more`. */
export const waitBounds = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600] as const

/** What happened, by what stands behind `o:` in the name of its counter. */
export const counted = [
  // Messages, by what became of them at the vendor.
  ...(['sent', 'unsure', 'rejected', 'misconfigured'] as const),
  // What vendors reported of them afterwards.
  ...(['delivered', 'undelivered'] as const),
  // Second factors passed, and those of them that were passed by a message.
  ...(['passed', 'verified'] as const),
  // Wrong evidence; evidence that a lock refused; requests for a message that were refused, and those by a limit.
  ...(['wrong', 'barred', 'refused', 'limited'] as const),
  // Limits used up, and to four fifths.
  ...(['full', 'near'] as const),
  ...(['locked', 'suspicious', 'action'] as const),
  // Faults, by what has to be mended.
  ...(['fault-store', 'fault-users', 'fault-limits', 'fault-sender', 'fault-setup'] as const),
  ...(['fault-audit', 'fault-other'] as const),
] as const

/** One of them. */
export type Counted = (typeof counted)[number]

/** The counters of faults. */
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

const rules: Readonly<Record<string, Rule>> = {
  challenge_sent: ({ country }) => ['sent', `s:${countryOf(country)}`],
  delivery_failed: ({ outcome, country, resent }) => [
    // A vendor's report of an earlier message is no further message.
    ...(resent === null ? [] : named(failures, outcome)),
    ...(resent !== null && outcome === 'maybe_sent' ? [`s:${countryOf(country)}`] : []),
    ...(outcome === 'operator_fault' ? ['fault-sender'] : []),
  ],
  delivery_reported: ({ delivery }) =>
    named({ delivered: 'delivered', failed: 'undelivered' }, delivery),
  passed: ({ elapsedSeconds, country }) => [
    'passed',
    ...(typeof elapsedSeconds === 'number'
      ? ['verified', waitName(elapsedSeconds), `v:${countryOf(country)}`]
      : []),
  ],
  verify_refused: ({ code }) => [code === 'locked_out' ? 'barred' : 'wrong'],
  start_refused: only('refused'),
  send_decided: ({ verdict }) => (verdict === 'refused' ? ['limited'] : []),
  limit_reached: ({ share }) => [share === 1 ? 'full' : 'near'],
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
  reset: only('action'),
  all_grants_revoked: only('action'),
  factors_reset: only('action'),
}

/** The counters that an event adds one to. */
export function countersOf(event: Fields & { readonly type: string }): readonly string[] {
  const rule = Object.hasOwn(rules, event.type) ? rules[event.type] : undefined
  return (rule?.(event) ?? []).map(counterOf)
}

/** The name of a counter in the counts. Those of limits have other first letters. */
export function counterOf(name: string): string {
  return `o:${name}`
}

/** The name of the counter of a wait. */
export function waitName(seconds: number): string {
  return `wait:${waitBounds.find((bound) => seconds <= bound) ?? 'more'}`
}

/** The names of the counters of all waits, the shortest first. */
export const waitNames: readonly string[] = [...waitBounds, 'more'].map((bound) => `wait:${bound}`)

/** ISO 3166 codes are few; whatever else an event says counts as one. */
function countryOf(country: unknown): string {
  return typeof country === 'string' && /^[A-Z]{2}$/.test(country) ? country : otherCountry
}

/** Stands for networks of no country, and for countries that nobody knows. */
export const otherCountry = 'other'

function named(names: Readonly<Record<string, Counted>>, key: unknown): readonly Counted[] {
  const found = Object.hasOwn(names, String(key)) ? names[String(key)] : undefined
  return found === undefined ? [] : [found]
}
