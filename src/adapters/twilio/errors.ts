/** Reduces what went wrong at Twilio to what may be told, and maps it to this package's answers. */

import type { SendRejection, SendResult } from '../../ports/code-sender.js'
import type { HostedCheckResult } from '../../ports/hosted-verifier.js'

/**
 * A failure. The SDK's error objects carry the credentials, the number and the code: nothing of them
 * is kept but numbers and names, read structurally, since an injected client may bring its own SDK.
 */
export type TwilioFault =
  /** Nothing left this process, and an operator has to act. */
  | { readonly kind: 'not_sent'; readonly reason: string }
  /** No connection was made, so nothing was sent. */
  | { readonly kind: 'never_connected' }
  /** Twilio, or something in front of it, refused. */
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly code: number | null
      /** Whether a 60200 is about the number, and not about another parameter. */
      readonly namesNumber: boolean
      readonly retryAfterSeconds?: number | undefined
    }
  /** The request may have been carried out. */
  | { readonly kind: 'unknown'; readonly reason: string }

type Verdict = SendRejection | 'maybe_sent' | 'operator_fault'

/**
 * Twilio's codes by what they mean. A code that is not here is an operator's to look at, as are 20003
 * (credentials), 21606 (sender), 60204 (custom codes) and most others. The 3xxxx are delivery
 * errors, which a message can be created with.
 */
const verdicts: ReadonlyMap<number, Verdict> = new Map<number, Verdict>([
  ...codes('destination_invalid', 21211, 21612, 21614, 21635, 60205, 30005, 30006),
  ...codes('destination_blocked', 21408, 21610, 60410, 60605, 30004, 30007, 30450),
  // Public sources swap 60202 (checks) and 60203 (sends); on a start either means to wait.
  ...codes('send_limit', 60202, 60203),
  ...codes('unavailable', 20429, 21611, 60212, 30001, 30003, 30017, 30022),
  ...codes('maybe_sent', 20500, 20503, 30008, 30410),
  // These come as a 429, but waiting is not all: a runaway rate, and the account's daily cap.
  ...codes('operator_fault', 14107, 63038),
])

/** A verification that is used up at Twilio lives for at most this long. */
const verificationLifetimeSeconds = 600

const neverConnectedCodes: readonly unknown[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']
const connectingCalls: readonly unknown[] = ['connect', 'getaddrinfo']

function codes(verdict: Verdict, ...numbers: number[]): [number, Verdict][] {
  return numbers.map((number) => [number, verdict])
}

/** Reduces whatever a call threw or rejected with. */
export function faultOf(error: unknown, retryAfterSeconds?: number): TwilioFault {
  const { status, code, message, cause } = fields(error)
  if (typeof status === 'number' && status >= 300 && status < 600) {
    const namesNumber = typeof message === 'string' && /^invalid parameter:?\W+to\b/i.test(message)
    return { kind: 'refused', status, code: codeOf(code), namesNumber, retryAfterSeconds }
  }
  const name = typeof code === 'string' && /^[A-Z][A-Z_]{2,40}$/.test(code) ? code : null
  if (name !== null && /CERT|VERIFY_LEAF/.test(name)) {
    return { kind: 'not_sent', reason: `twilio ${name}` }
  }
  if (neverConnectedCodes.includes(name) || failedConnecting(cause ?? error)) {
    return { kind: 'never_connected' }
  }
  return { kind: 'unknown', reason: `twilio ${name ?? 'gave no readable answer'}` }
}

/** The fault of a message that was created, but created dead. */
export function faultOfMessage(errorCode: unknown): TwilioFault {
  return { kind: 'refused', status: 422, code: codeOf(errorCode), namesNumber: false }
}

/** What became of a message or a started verification. */
export function sendFailure(fault: TwilioFault): Exclude<SendResult, { status: 'sent' }> {
  if (fault.kind === 'not_sent') return { status: 'operator_fault', reason: fault.reason }
  if (fault.kind === 'unknown') return { status: 'maybe_sent', reason: fault.reason }
  if (fault.kind === 'never_connected') return { status: 'rejected', reason: 'unavailable' }
  const verdict = verdictOf(fault)
  if (verdict === 'operator_fault' || verdict === 'maybe_sent') {
    return { status: verdict, reason: reasonOf(fault) }
  }
  const untold = verdict === 'send_limit' ? verificationLifetimeSeconds : undefined
  return {
    status: 'rejected',
    reason: verdict,
    retryAfterSeconds: fault.retryAfterSeconds ?? untold,
  }
}

/** What Twilio said of a code, where it did not say it with a 2xx. */
export function checkFailure(
  fault: TwilioFault,
): Extract<HostedCheckResult, { status: 'ended' | 'unavailable' | 'operator_fault' }> {
  if (fault.kind === 'not_sent') return { status: 'operator_fault', reason: fault.reason }
  if (fault.kind === 'unknown') return { status: 'unavailable', judged: 'maybe' }
  if (fault.kind === 'never_connected') return { status: 'unavailable', judged: 'no' }
  const verdict = verdictOf(fault)
  if (verdict === 'maybe_sent') return { status: 'unavailable', judged: 'maybe' }
  // 404: expired, used, cancelled, or never begun. Twilio forgets a verification once it has ended.
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

function verdictOf({ status, code, namesNumber }: Refused): Verdict {
  // Twilio may have sent before it, or a proxy in front of it, gave up.
  if (status >= 500 || status === 408) return 'maybe_sent'
  if (code === 60200 && namesNumber) return 'destination_invalid'
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

function failedConnecting(error: unknown): boolean {
  const { errors, syscall } = fields(error)
  // Several addresses were tried, and each left its own error.
  if (Array.isArray(errors) && errors.length > 0) return errors.every(failedConnecting)
  return connectingCalls.includes(syscall)
}

/** The properties of anything that may have been thrown. */
export function fields(thing: unknown): Readonly<Record<string, unknown>> {
  return typeof thing === 'object' && thing !== null ? (thing as Record<string, unknown>) : {}
}
