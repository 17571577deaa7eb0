/** The policy: its defaults, its bounds, and the check at construction. */

import { ConfigurationError } from './errors.js'
import { assertKnownOptions } from './known-options.js'

/** Limits that an application can set. Durations are in seconds. */
export interface PolicyOptions {
  /**
   * `strict` keeps every limit within the bounds of NIST SP 800-63B-4 and PCI DSS 8.3.4. `relaxed`, for demos and
   * tests, allows codes of 4 or 5 digits, longer lifetimes, messages without a wait, locks shorter than 30 minutes,
   * and more than 10 failures per lock.
   *
   * @default 'strict'
   */
  readonly standards?: 'strict' | 'relaxed' | undefined
  /**
   * Digits in a code, 6 to 10, or from 4 with relaxed standards (NIST SP 800-63B-4 §3.1.3.2).
   *
   * @default 6
   */
  readonly codeLength?: number | undefined
  /**
   * Lifetime of a code in seconds, at most 600, or 86,400 with relaxed standards.
   *
   * @default 300
   */
  readonly codeLifetimeSeconds?: number | undefined
  /**
   * Seconds that a code still passes after its displayed expiry, at most 30.
   *
   * @default 10
   */
  readonly graceSeconds?: number | undefined
  /**
   * Attempts per challenge, 1 to 10.
   *
   * @default 5
   */
  readonly maxAttempts?: number | undefined
  /**
   * Waits between messages in seconds, 1 to 10 of them. A wait of 0 requires relaxed standards.
   *
   * @default [30, 60, 120, 300, 600]
   */
  readonly resendLadderSeconds?: readonly number[] | undefined
  /**
   * After the last wait: repeat it, or start again from the first.
   *
   * @default 'repeat-last'
   */
  readonly resendLadderEnd?: 'repeat-last' | 'start-again' | undefined
  /**
   * Seconds without a message after which the waits start again from the first.
   *
   * @default 86400
   */
  readonly resendResetSeconds?: number | undefined
  /**
   * Messages per user in 24 hours, counted from the first message, at least 1.
   *
   * @default 10
   */
  readonly sendsPerDay?: number | undefined
  /**
   * Messages per user that right codes give back to `sendsPerDay` in the same 24 hours, at most.
   *
   * @default 50
   */
  readonly answeredSendsPerDay?: number | undefined
  /**
   * Failures in a row per lock, at most 10 (PCI DSS 8.3.4), or 100 with relaxed standards.
   *
   * @default 10
   */
  readonly lockAfterFailures?: number | undefined
  /**
   * Durations of the locks in seconds, 1 to 10 of them, each at least 1,800 (PCI DSS 8.3.4) unless standards are
   * relaxed. The last one repeats.
   *
   * @default [1800, 3600, 14400, 86400]
   */
  readonly lockLadderSeconds?: readonly number[] | undefined
  /**
   * Failures in a row that lock the user until a reset, at most 100 (NIST SP 800-63B-4 §3.2.2).
   *
   * @default 100
   */
  readonly hardStopFailures?: number | undefined
  /**
   * Seconds that a password login waits for its second factor, at most 3,600.
   *
   * @default 600
   */
  readonly pendingSeconds?: number | undefined
  /**
   * Seconds that a password login waits for the user to enrol a first factor, at most 3,600. Longer than
   * `pendingSeconds`, because an app may have to be installed.
   *
   * @default 1800
   */
  readonly enrolmentSeconds?: number | undefined
  /**
   * Lifetime of a grant in seconds, at most 86,400 (a day), or 30 days with relaxed standards.
   *
   * @default 43200
   */
  readonly grantLifetimeSeconds?: number | undefined
}

/** All limits, with defaults filled in. */
export type Policy = { readonly [Key in keyof PolicyOptions]-?: NonNullable<PolicyOptions[Key]> }

/** The default limits. */
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

/** The minimum of each duration in a ladder, in seconds. */
interface Shortest {
  readonly strict: number
  readonly relaxed: number
}

const millisecond = 0.001
/** Relaxed standards allow no wait, for tests whose clock stands still. */
const shortestWait: Shortest = { strict: millisecond, relaxed: 0 }

/** Minimum duration of a lock (PCI DSS 8.3.4). */
const shortestLock: Shortest = { strict: 1_800, relaxed: millisecond }

/**
 * Checks the limits and fills in the defaults.
 *
 * @throws ConfigurationError for an unknown key or a value out of bounds. The message says how to fix it.
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

  // A long lifetime can leave no room for the default grace, which is then shortened. Only a requested grace can fail.
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
