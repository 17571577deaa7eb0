/** The limits: their defaults, their bounds, and one check of both at construction. */

import { ConfigurationError } from './errors.js'
import { assertKnownOptions } from './known-options.js'

/** The limits an application may set. Durations are in seconds. */
export interface PolicyOptions {
  /**
   * `strict` holds every limit to the bounds of NIST SP 800-63B-4 and PCI DSS 8.3.4;
   * `relaxed`, for demonstrations and tests, allows codes of 4 or 5 digits, lifetimes up to a day, messages without a wait
   * between them, and locks that are shorter than 30 minutes or rarer than every tenth failure.
   *
   * @default 'strict'
   */
  readonly standards?: 'strict' | 'relaxed' | undefined
  /**
   * Digits of a code, 6 to 10; 4 and 5 with relaxed standards (NIST SP 800-63B-4 §3.1.3.2).
   *
   * @default 6
   */
  readonly codeLength?: number | undefined
  /**
   * Seconds a code lives, at most 600; up to 86,400 with relaxed standards.
   *
   * @default 300
   */
  readonly codeLifetimeSeconds?: number | undefined
  /**
   * Seconds after the shown expiry in which a code still passes, at most 30.
   *
   * @default 10
   */
  readonly graceSeconds?: number | undefined
  /**
   * Codes judged per challenge, 1 to 10.
   *
   * @default 5
   */
  readonly maxAttempts?: number | undefined
  /**
   * Waits between messages, 1 to 10 rungs; a wait of 0 with relaxed standards.
   *
   * @default [30, 60, 120, 300, 600]
   */
  readonly resendLadderSeconds?: readonly number[] | undefined
  /**
   * After the last rung: repeat it, or start the ladder again.
   *
   * @default 'repeat-last'
   */
  readonly resendLadderEnd?: 'repeat-last' | 'start-again' | undefined
  /**
   * Seconds without a message after which the ladder starts again.
   *
   * @default 86400
   */
  readonly resendResetSeconds?: number | undefined
  /**
   * Messages per user in a window of 24 hours that begins with the first, at least 1.
   *
   * @default 10
   */
  readonly sendsPerDay?: number | undefined
  /**
   * Messages per user in that window that a right code gives back to `sendsPerDay`, at most: whoever types what they
   * were sent may sign in as often as this.
   *
   * @default 50
   */
  readonly answeredSendsPerDay?: number | undefined
  /**
   * A lock comes after every so many failures in a row, at most 10 (PCI DSS 8.3.4).
   *
   * @default 10
   */
  readonly lockAfterFailures?: number | undefined
  /**
   * Seconds that each lock lasts, 1 to 10 of them, each at least 1,800 (PCI DSS 8.3.4); less with relaxed standards.
   * The last repeats.
   *
   * @default [1800, 3600, 14400, 86400]
   */
  readonly lockLadderSeconds?: readonly number[] | undefined
  /**
   * Failures in a row that turn the factor off until a reset, at most 100 (NIST SP 800-63B-4 §3.2.2).
   *
   * @default 100
   */
  readonly hardStopFailures?: number | undefined
  /**
   * Seconds a password login waits for its second factor, at most 3,600.
   *
   * @default 600
   */
  readonly pendingSeconds?: number | undefined
  /**
   * Seconds a password login may take to enrol its first factor, at most 3,600: an app has to be installed first.
   *
   * @default 1800
   */
  readonly enrolmentSeconds?: number | undefined
  /**
   * Seconds a passed second factor lasts, at most 86,400 (a day); 30 days with relaxed standards.
   *
   * @default 43200
   */
  readonly grantLifetimeSeconds?: number | undefined
}

/** The limits in force. */
export type Policy = { readonly [Key in keyof PolicyOptions]-?: NonNullable<PolicyOptions[Key]> }

/** The defaults, frozen. */
export const defaultPolicy: Policy = Object.freeze({
  standards: 'strict',
  codeLength: 6,
  codeLifetimeSeconds: 300,
  graceSeconds: 10,
  maxAttempts: 5,
  resendLadderSeconds: Object.freeze([30, 60, 120, 300, 600]),
  resendLadderEnd: 'repeat-last',
  resendResetSeconds: 86_400,
  sendsPerDay: 10,
  answeredSendsPerDay: 50,
  lockAfterFailures: 10,
  lockLadderSeconds: Object.freeze([1_800, 3_600, 14_400, 86_400]),
  hardStopFailures: 100,
  pendingSeconds: 600,
  enrolmentSeconds: 1_800,
  grantLifetimeSeconds: 43_200,
} satisfies Policy)

const knownLimits: Readonly<Record<string, true>> = Object.fromEntries(
  Object.keys(defaultPolicy).map((name) => [name, true]),
)

const day = 86_400

/** Seconds that a rung of a ladder has at least, by the standards. */
interface Shortest {
  readonly strict: number
  readonly relaxed: number
}

const millisecond = 0.001
/** Tests send messages at one instant of a clock that stands still. */
const shortestWait: Shortest = { strict: millisecond, relaxed: 0 }

/** PCI DSS 8.3.4: a lock lasts at least half an hour. */
const shortestLock: Shortest = { strict: 1_800, relaxed: millisecond }

/**
 * Checks the limits and fills in the defaults.
 *
 * @throws ConfigurationError for an unknown key or a value out of bounds; the message names the remedy.
 * @example
 * const policy = resolvePolicy({ codeLifetimeSeconds: 120 })
 */
export function resolvePolicy(options: PolicyOptions = {}): Policy {
  assertKnownOptions('policy', options, knownLimits)
  const input = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as PolicyOptions
  const policy = { ...defaultPolicy, ...input } as Policy
  oneOf('standards', policy.standards, ['strict', 'relaxed'])
  oneOf('resendLadderEnd', policy.resendLadderEnd, ['repeat-last', 'start-again'])
  const strict = policy.standards === 'strict'

  whole('codeLength', policy.codeLength, strict ? 6 : 4, 10, strict)
  duration('codeLifetimeSeconds', policy.codeLifetimeSeconds, strict ? 600 : day, strict)
  whole('maxAttempts', policy.maxAttempts, 1, 10)
  ladder('resendLadderSeconds', policy.resendLadderSeconds, strict, shortestWait)
  duration('resendResetSeconds', policy.resendResetSeconds, 365 * day)
  whole('sendsPerDay', policy.sendsPerDay, 1, 1_000_000)
  whole('answeredSendsPerDay', policy.answeredSendsPerDay, 0, 1_000_000)
  whole('lockAfterFailures', policy.lockAfterFailures, 1, strict ? 10 : 100, strict)
  ladder('lockLadderSeconds', policy.lockLadderSeconds, strict, shortestLock)
  whole('hardStopFailures', policy.hardStopFailures, 1, 100)
  duration('pendingSeconds', policy.pendingSeconds, 3_600)
  duration('enrolmentSeconds', policy.enrolmentSeconds, 3_600)
  duration('grantLifetimeSeconds', policy.grantLifetimeSeconds, strict ? day : 30 * day, strict)

  // A lifetime at its bound leaves the default grace no room; only a requested grace is an error.
  const room = strict ? 600 - policy.codeLifetimeSeconds : 30
  const isRequested = 'graceSeconds' in input
  const graceSeconds = isRequested
    ? policy.graceSeconds
    : Math.min(defaultPolicy.graceSeconds, room)
  number('graceSeconds', graceSeconds, 0, 30)
  if (graceSeconds > room) {
    fail(
      'graceSeconds',
      graceSeconds,
      'but codeLifetimeSeconds and graceSeconds together may be at most 600; set graceSeconds to ' +
        `${room} or less, or shorten codeLifetimeSeconds`,
    )
  }
  return Object.freeze({
    ...policy,
    graceSeconds,
    resendLadderSeconds: Object.freeze([...policy.resendLadderSeconds]),
    lockLadderSeconds: Object.freeze([...policy.lockLadderSeconds]),
  })
}

function number(key: string, value: unknown, least: number, most: number, strict = false): void {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most) return
  const hint = strict ? `, or set policy.standards to 'relaxed' for a wider bound` : ''
  fail(key, value, `set it to a number from ${least} to ${most}${hint}`)
}

function whole(key: string, value: unknown, least: number, most: number, strict = false): void {
  number(key, value, least, most, strict)
  if (!Number.isInteger(value)) fail(key, value, 'set it to a whole number')
}

function duration(key: string, value: unknown, most: number, strict = false): void {
  whole(key, value, 1, most, strict)
}

function ladder(key: string, value: unknown, isStrict: boolean, shortest: Shortest): void {
  if (!Array.isArray(value) || value.length < 1 || value.length > 10) {
    fail(key, value, 'set it to an array of 1 to 10 durations in seconds')
  }
  const least = isStrict ? shortest.strict : shortest.relaxed
  for (const rung of value as unknown[]) {
    const wouldDo = typeof rung === 'number' && rung >= shortest.relaxed && rung < least
    number(key, rung, least, 30 * day, wouldDo)
  }
}

function oneOf(key: string, value: unknown, allowed: readonly string[]): void {
  if (allowed.includes(value as string)) return
  fail(key, value, `set it to ${allowed.map((name) => `'${name}'`).join(' or ')}`)
}

function fail(key: string, value: unknown, remedy: string): never {
  const separator = remedy.startsWith('but') ? ',' : ';'
  throw new ConfigurationError(
    `policy.${key} is ${show(value)}${separator} ${remedy}`,
    `policy.${key}`,
  )
}

function show(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return typeof value === 'string' || typeof value === 'object'
    ? JSON.stringify(value)
    : typeof value
}
