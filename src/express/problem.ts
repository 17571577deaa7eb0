/** What each refusal means over HTTP: its status, and a sentence for the person it meets. */

import { STATUS_CODES } from 'node:http'

import type { Refusal, RefusalCode } from '../core/refusal.js'

/** A refusal as `application/problem+json` (RFC 9457). */
export interface Problem extends Omit<Refusal, 'status'> {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly challengeUrl?: string | undefined
}

const statuses: Readonly<Record<RefusalCode, number>> = {
  malformed_request: 400,
  login_required: 401,
  second_factor_required: 403,
  second_factor_stale: 403,
  cross_site_request: 403,
  code_incorrect: 403,
  code_expired: 403,
  unknown_number: 404,
  method_not_allowed: 405,
  no_challenge: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  destination_missing: 422,
  destination_invalid: 422,
  destination_blocked: 422,
  attempts_exhausted: 429,
  cooldown: 429,
  send_limit: 429,
  locked_out: 429,
  delivery_failed: 502,
  service_misconfigured: 502,
  delivery_unavailable: 503,
  store_unavailable: 503,
}

const sentences: Readonly<Record<RefusalCode, string>> = {
  malformed_request: 'Type the digits of the code, or the whole phone number.',
  method_not_allowed: 'This address does not answer that method.',
  body_too_large: 'The request is too large.',
  unsupported_media_type: 'Send JSON or a form.',
  login_required: 'Log in with your password first.',
  second_factor_required: 'Confirm that it is you with a code first.',
  second_factor_stale: 'Confirm again that it is you: this needs a fresh code.',
  cross_site_request: 'The request came from another site. Open the page here and try again.',
  code_incorrect: 'That code is not right.',
  code_expired: 'That code has expired. Ask for a new one.',
  no_challenge: 'No code is waiting for you here. Ask for one.',
  destination_missing: 'There is no phone number to send a code to. Add one first.',
  destination_invalid: 'That phone number cannot receive a code. Check it.',
  destination_blocked: 'Codes cannot be sent to that phone number. Use another one.',
  unknown_number: 'The code is right, but no user has that phone number.',
  attempts_exhausted: 'Too many wrong codes. Ask for a new one.',
  cooldown: 'A code was sent a moment ago. Wait before asking for another.',
  send_limit: 'Too many codes were sent. Use the last one, or try again later.',
  locked_out: 'Too many wrong codes. The second factor is locked.',
  delivery_failed:
    'The code may not have been sent. If it arrives, type it; if not, ask for it again.',
  service_misconfigured: 'Codes cannot be sent at the moment. Contact support.',
  delivery_unavailable: 'Codes cannot be sent at the moment. Try again shortly.',
  store_unavailable: 'The service is not available at the moment. Try again shortly.',
}

/** The HTTP status of a refusal. */
export function statusOf(code: RefusalCode): number {
  return statuses[code]
}

/** What a refusal says to a person, with what is left and how long to wait. */
export function sentenceOf(refusal: Refusal): string {
  const { code, attemptsLeft, retryAfterSeconds } = refusal
  const parts = [sentences[code]]
  if (code === 'code_incorrect' && attemptsLeft !== undefined) {
    parts.push(
      attemptsLeft === 0
        ? 'No tries are left: ask for a new code.'
        : `${attemptsLeft} ${attemptsLeft === 1 ? 'try is' : 'tries are'} left.`,
    )
  }
  if (code === 'locked_out' && retryAfterSeconds === undefined) parts.push('Contact support.')
  if (retryAfterSeconds !== undefined) parts.push(`Try again in ${duration(retryAfterSeconds)}.`)
  return parts.join(' ')
}

/** What a problem says beside its refusal. */
export interface ProblemExtras {
  /** Where the second factor is passed. */
  readonly challengeUrl?: string | undefined
  /** In place of the status that the refusal has on the router. */
  readonly status?: number | undefined
}

/** The problem of a refusal. */
export function problemOf(refusal: Refusal, extras: ProblemExtras = {}): Problem {
  const { status: _refused, code, ...facts } = refusal
  const { status = statuses[code], challengeUrl } = extras
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: sentenceOf(refusal),
    code,
    ...facts,
    ...(challengeUrl === undefined ? {} : { challengeUrl }),
  }
}

/** A wait in words: "45 seconds", "5 minutes", "2 hours". */
export function duration(seconds: number): string {
  if (seconds <= 90) return plural(seconds, 'second')
  if (seconds <= 90 * 60) return plural(Math.ceil(seconds / 60), 'minute')
  return plural(Math.ceil(seconds / 3600), 'hour')
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
