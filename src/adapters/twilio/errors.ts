/** Reduces Twilio's errors to faults that hold no secret, and maps the faults to this package's results. */

import type { SendRejection, SendResult } from '../../factors/phone/ports/code-sender.js'
import type { HostedCheckResult } from '../../factors/phone/ports/hosted-verifier.js'
import { errorName } from '../http/error-name.js'
import { fields } from '../http/fields.js'
import { neverConnected } from '../http/never-connected.js'
import { untrustedCertificate } from '../http/untrusted-certificate.js'

/**
 * A failure. The SDK's errors hold the credentials, the destination and the code, so only numeric
 * codes and error names are kept. They are read structurally, because an injected client may come
 * with another version of the SDK.
 */
export type TwilioFault =
  /** Nothing was sent, and an operator has to act. */
  | { readonly kind: 'not_sent'; readonly reason: string }
  /** No connection was made, so nothing was sent. */
  | { readonly kind: 'never_connected' }
  /** Twilio, or a proxy in front of it, refused the request. */
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly code: number | null
      /** True if a 60200 is about the destination rather than another parameter. */
      readonly namesDestination: boolean
      readonly retryAfterSeconds?: number | undefined
    }
  /** The request may have been carried out. */
  | { readonly kind: 'unknown'; readonly reason: string }

type Verdict = SendRejection | 'maybe_sent' | 'operator_fault'

/**
 * Twilio's codes by meaning. Any other code is an operator fault, such as 20003 (credentials), 21606 (sender), 21612 (this
 * sender cannot reach the destination, but another may) and 60204 (custom codes). The 3xxxx are delivery errors, which a
 * message can already have when it is created.
 */
const verdicts: ReadonlyMap<number, Verdict> = new Map<number, Verdict>([
  ...codes('destination_invalid', 21211, 21614, 21635, 60205, 30005, 30006),
  ...codes('destination_blocked', 21408, 21610, 60410, 60605, 30004, 30007, 30450),
  // Public sources disagree on which of 60202 and 60203 is for checks; at the start, both mean "wait".
  ...codes('send_limit', 60202, 60203),
  ...codes('unavailable', 20429, 21611, 60212, 30001, 30003, 30017, 30022),
  ...codes('maybe_sent', 20500, 20503, 30008, 30410),
  // These arrive as a 429 but need an operator: an excessive rate, and the account's daily cap.
  ...codes('operator_fault', 14107, 63038),
])

/** Fraud Guard's block of a prefix, and its length. Trying another phone with the prefix evades and prolongs the block. */
const fraudBlock = { code: 60410, seconds: 43_200 } as const

/** The lifetime of a verification at Twilio, after which a new one can be started. */
const verificationLifetimeSeconds = 600

function codes(verdict: Verdict, ...numbers: number[]): [number, Verdict][] {
  return numbers.map((number) => [number, verdict])
}

/** Reduces anything that a call threw or rejected with. */
export function faultOf(error: unknown, retryAfterSeconds?: number): TwilioFault {
  const { status, code, message } = fields(error)
  if (typeof status === 'number' && status >= 300 && status < 600) {
    const namesDestination =
      typeof message === 'string' && /^invalid parameter:?\W+to\b/i.test(message)
    return { kind: 'refused', status, code: codeOf(code), namesDestination, retryAfterSeconds }
  }
  const certificateError = untrustedCertificate(error)
  if (certificateError !== null) return { kind: 'not_sent', reason: `twilio ${certificateError}` }
  if (neverConnected(error)) return { kind: 'never_connected' }
  return { kind: 'unknown', reason: `twilio ${errorName(error) ?? 'gave no readable answer'}` }
}

/** The fault of a message that Twilio created already failed. */
export function faultOfMessage(errorCode: unknown): TwilioFault {
  return { kind: 'refused', status: 422, code: codeOf(errorCode), namesDestination: false }
}

/** Maps the fault of a message, or of the start of a verification. */
export function sendFailure(fault: TwilioFault): Exclude<SendResult, { status: 'sent' }> {
  if (fault.kind === 'not_sent') return { status: 'operator_fault', reason: fault.reason }
  if (fault.kind === 'unknown') return { status: 'maybe_sent', reason: fault.reason }
  if (fault.kind === 'never_connected') return { status: 'rejected', reason: 'unavailable' }
  const verdict = verdictOf(fault)
  if (verdict === 'operator_fault' || verdict === 'maybe_sent') {
    return { status: verdict, reason: reasonOf(fault) }
  }
  const defaultWait = verdict === 'send_limit' ? verificationLifetimeSeconds : undefined
  return {
    status: 'rejected',
    reason: verdict,
    retryAfterSeconds: fault.retryAfterSeconds ?? defaultWait,
    ...(fault.code === fraudBlock.code ? { blockedPrefixSeconds: fraudBlock.seconds } : {}),
  }
}

/** Maps the fault of a check. */
export function checkFailure(
  fault: TwilioFault,
): Extract<HostedCheckResult, { status: 'ended' | 'unavailable' | 'operator_fault' }> {
  if (fault.kind === 'not_sent') return { status: 'operator_fault', reason: fault.reason }
  if (fault.kind === 'unknown') return { status: 'unavailable', judged: 'maybe' }
  if (fault.kind === 'never_connected') return { status: 'unavailable', judged: 'no' }
  const verdict = verdictOf(fault)
  if (verdict === 'maybe_sent') return { status: 'unavailable', judged: 'maybe' }
  // Twilio deletes a verification once it expires, is used or is cancelled, and then returns 404.
  if (fault.status === 404 || fault.code === 20404 || verdict === 'send_limit') {
    return { status: 'ended' }
  }
  if (verdict === 'unavailable') {
    const { retryAfterSeconds } = fault
    return { status: 'unavailable', judged: 'no', retryAfterSeconds }
  }
  return { status: 'operator_fault', reason: reasonOf(fault) }
}

type Refused = Extract<TwilioFault, { kind: 'refused' }>

function verdictOf({ status, code, namesDestination }: Refused): Verdict {
  // The message may have been sent before Twilio, or a proxy in front of it, failed.
  if (status >= 500 || status === 408) return 'maybe_sent'
  if (code === 60200 && namesDestination) return 'destination_invalid'
  const known = code === null ? undefined : verdicts.get(code)
  return known ?? (status === 429 ? 'unavailable' : 'operator_fault')
}

function reasonOf({ status, code }: Refused): string {
  return code === null ? `twilio http ${status}` : `twilio ${code}`
}

function codeOf(code: unknown): number | null {
  const number = typeof code === 'string' ? Number(code) : code
  return typeof number === 'number' && /^\d{5}$/.test(String(number)) ? number : null
}
