/** The HTTP side of a refusal: its status, and its problem document. */

import { STATUS_CODES } from 'node:http'

import type { Refusal, RefusalCode, SharedRefusalCode } from '../core/refusal.js'
import type { Factor } from '../ports/factor.js'
import { sentenceOf, type Wording } from '../pages/wording.js'
import { requestStatuses } from './request-refusals.js'

/** A refusal as `application/problem+json` (RFC 9457). */
export interface Problem extends Omit<Refusal, 'status' | 'mustEnrol'> {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly challengeUrl?: string | undefined
  readonly enrolUrl?: string | undefined
}

const sharedStatuses: Readonly<Record<SharedRefusalCode, number>> = {
  malformed_request: 400,
  login_required: 401,
  second_factor_required: 403,
  second_factor_stale: 403,
  second_factor_insufficient: 403,
  code_incorrect: 403,
  code_expired: 403,
  code_used: 403,
  factor_not_enrolled: 409,
  setup_expired: 409,
  factor_limit: 409,
  last_factor: 409,
  factors_lost: 503,
  no_challenge: 409,
  attempts_exhausted: 429,
  locked_out: 429,
  store_unavailable: 503,
}

const statuses: Readonly<Partial<Record<string, number>>> = {
  ...sharedStatuses,
  ...requestStatuses,
}

type Factors = readonly Pick<Factor<never>, 'statuses' | 'sentence'>[]

/** The HTTP status of a refusal. */
export function statusOf(factors: Factors, code: RefusalCode): number {
  const [own] = factors.flatMap((factor) => factor.statuses?.[code] ?? [])
  return statuses[code] ?? own ?? 403
}

/** The sentence of a refusal, in the language of `wording`. */
export function reasonFor(factors: Factors, refusal: Refusal, wording?: Wording): string {
  const own = (code: string, spoken: Wording, wait: boolean) =>
    factors.flatMap((factor) => factor.sentence?.(code, spoken, wait) ?? [])[0]
  return sentenceOf(refusal, own, wording)
}

/** Facts that a problem adds to its refusal. */
export interface ProblemExtras {
  /** The page of the second factor. */
  readonly challengeUrl?: string | undefined
  /** The page to enrol a factor, for a user who holds none of those needed. */
  readonly enrolUrl?: string | undefined
  /** Overrides the refusal's usual status. */
  readonly status?: number | undefined
}

/** The problem document of a refusal. */
export function problemOf(factors: Factors, refusal: Refusal, extras: ProblemExtras = {}): Problem {
  const { status: _refused, mustEnrol: _enrol, code, ...facts } = refusal
  const { status = statusOf(factors, code), challengeUrl, enrolUrl } = extras
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: reasonFor(factors, refusal),
    code,
    ...facts,
    ...(challengeUrl === undefined ? {} : { challengeUrl }),
    ...(enrolUrl === undefined ? {} : { enrolUrl }),
  }
}
