/** What each refusal means over HTTP: its status, and the problem that programs are answered. */

import { STATUS_CODES } from 'node:http'

import type { Refusal, RefusalCode } from '../core/refusal.js'
import { sentenceOf } from '../pages/wording.js'

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

/** The HTTP status of a refusal. */
export function statusOf(code: RefusalCode): number {
  return statuses[code]
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
