/** The limits: their defaults, their bounds, and one check of both at construction. */

import { ConfigurationError } from './errors.js'

/** The limits an application may set. Durations are in seconds. */
export interface PolicyOptions {
  /**
   * `strict` (the default) holds every limit to the bounds of NIST SP 800-63B-4 and PCI DSS 8.3.4;
   * `relaxed` allows codes of 4 or 5 digits, lifetimes up to a day, and locks rarer than every tenth failure.
   */
  readonly standards?: 'strict' | 'relaxed' | undefined
  /** Digits of a code. Default 6, 6 to 10; 4 and 5 with relaxed standards (NIST SP 800-63B-4 §3.1.3.2). */
  readonly codeLength?: number | undefined
  /** Seconds a code lives. Default 300, at most 600; up to 86,400 with relaxed standards. */
  readonly codeLifetimeSeconds?: number | undefined
  /** Seconds after the shown expiry in which a code still passes. Default 10, at most 30. */
  readonly graceSeconds?: number | undefined
  /** Codes judged per challenge. Default 5, 1 to 10. */
  readonly maxAttempts?: number | undefined
  /** Waits between messages. Default 30, 60, 120, 300, 600; 1 to 10 rungs. */
  readonly resendLadderSeconds?: readonly number[] | undefined
  /** After the last rung: repeat it (the default), or start the ladder again. */
  readonly resendLadderEnd?: 'repeat-last' | 'start-again' | undefined
  /** Seconds without a message after which the ladder starts anew. Default 86,400. */
  readonly resendResetSeconds?: number | undefined
  /** Messages per user in a window of 24 hours that begins with the first. Default 10, at least 1. */
  readonly sendsPerDay?: number | undefined
  /** Every how many failures in a row a lock comes. Default 10, at most 10 (PCI DSS 8.3.4). */
  readonly lockAfterFailures?: number | undefined
  /** How long each lock lasts, the last repeating. Default 1,800, 3,600, 14,400, 86,400. */
  readonly lockLadderSeconds?: readonly number[] | undefined
  /** Failures in a row that turn the factor off until a reset. Default 100, at most 100 (NIST SP 800-63B-4 §3.2.2). */
  readonly hardStopFailures?: number | undefined
  /** Seconds a password login waits for its second factor. Default 600, at most 3,600. */
  readonly pendingSeconds?: number | undefined
  /** Seconds a passed second factor lasts. Default 43,200 (12 h), at most 86,400; 30 days with relaxed standards. */
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
  lockAfterFailures: 10,
  lockLadderSeconds: Object.freeze([1_800, 3_600, 14_400, 86_400]),
  hardStopFailures: 100,
  pendingSeconds: 600,
  grantLifetimeSeconds: 43_200,
} satisfies Policy)

const day = 86_400

/**
 * Checks the limits and fills in the defaults.
 *
 * @throws ConfigurationError for an unknown key or a value out of bounds; the message names the remedy.
 */
export function resolvePolicy(options: PolicyOptions = {}): Policy {
  for (const key of Object.keys(options)) {
    if (!Object.hasOwn(defaultPolicy, key)) {
      throw new ConfigurationError(
        `policy.${key} is not a limit; the limits are ${Object.keys(defaultPolicy).join(', ')}`,
      )
    }
  }
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as PolicyOptions
  const policy = { ...defaultPolicy, ...given } as Policy
  oneOf('standards', policy.standards, ['strict', 'relaxed'])
  oneOf('resendLadderEnd', policy.resendLadderEnd, ['repeat-last', 'start-again'])
  const strict = policy.standards === 'strict'

  whole('digits', policy.codeLength, strict ? 6 : 4, 10, strict)
  duration('codeLifetimeSeconds', policy.codeLifetimeSeconds, strict ? 600 : day, strict)
  whole('maxAttempts', policy.maxAttempts, 1, 10)
  ladder('resendLadderSeconds', policy.resendLadderSeconds)
  duration('resendResetSeconds', policy.resendResetSeconds, 365 * day)
  whole('sendsPerDay', policy.sendsPerDay, 1, 1_000_000)
  whole('lockAfterFailures', policy.lockAfterFailures, 1, strict ? 10 : 100, strict)
  ladder('lockLadderSeconds', policy.lockLadderSeconds)
  whole('hardStopFailures', policy.hardStopFailures, 1, 100)
  duration('pendingSeconds', policy.pendingSeconds, 3_600)
  duration('grantLifetimeSeconds', policy.grantLifetimeSeconds, strict ? day : 30 * day, strict)

  // A lifetime at its bound leaves the default grace no room; only a grace that was asked for is an error.
  const room = strict ? 600 - policy.codeLifetimeSeconds : 30
  const asked = 'graceSeconds' in given
  const graceSeconds = asked ? policy.graceSeconds : Math.min(defaultPolicy.graceSeconds, room)
  number('graceSeconds', graceSeconds, 0, 30)
  if (graceSeconds > room) {
    throw new ConfigurationError(
      `policy.graceSeconds is ${graceSeconds}, but codeLifetimeSeconds and graceSeconds together ` +
        `may be at most 600; set graceSeconds to ${room} or less, or shorten codeLifetimeSeconds`,
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
  throw new ConfigurationError(
    `policy.${key} is ${show(value)}; set it to a number from ${least} to ${most}${hint}`,
  )
}

function whole(key: string, value: unknown, least: number, most: number, strict = false): void {
  number(key, value, least, most, strict)
  if (Number.isInteger(value)) return
  throw new ConfigurationError(`policy.${key} is ${show(value)}; set it to a whole number`)
}

function duration(key: string, value: unknown, most: number, strict = false): void {
  whole(key, value, 1, most, strict)
}

function ladder(key: string, value: unknown): void {
  if (!Array.isArray(value) || value.length < 1 || value.length > 10) {
    throw new ConfigurationError(
      `policy.${key} is ${show(value)}; set it to an array of 1 to 10 durations in seconds`,
    )
  }
  for (const rung of value as unknown[]) number(key, rung, 0.001, 30 * day)
}

function oneOf(key: string, value: unknown, allowed: readonly string[]): void {
  if (allowed.includes(value as string)) return
  throw new ConfigurationError(
    `policy.${key} is ${show(value)}; set it to ${allowed.map((name) => `'${name}'`).join(' or ')}`,
  )
}

function show(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return typeof value === 'string' || typeof value === 'object'
    ? JSON.stringify(value)
    : typeof value
}
