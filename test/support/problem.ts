/** The table of refusals as documented for clients, and checks of a response against it. */

import { STATUS_CODES } from 'node:http'

import { expect } from 'vitest'

import type { RefusalCode } from '../../src/index.js'
import type { TestClock } from './application.js'
import type { Answer, Browser } from './browser.js'
import { textOf } from './html.js'

/**
 * The promised status of each code. Written out here: a changed status is a breaking change. `word_missing`
 * belongs to a factor that only tests have.
 */
const statuses: Readonly<Record<Exclude<RefusalCode, 'word_missing'>, number>> = {
  malformed_request: 400,
  unknown_number: 404,
  method_not_allowed: 405,
  body_too_large: 413,
  unsupported_media_type: 415,
  login_required: 401,
  second_factor_required: 403,
  second_factor_stale: 403,
  second_factor_insufficient: 403,
  cross_site_request: 403,
  code_incorrect: 403,
  code_expired: 403,
  code_used: 403,
  passkey_rejected: 403,
  factor_not_enrolled: 409,
  setup_expired: 409,
  factor_limit: 409,
  last_factor: 409,
  factors_lost: 503,
  no_challenge: 409,
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

function statusOf(code: RefusalCode): number {
  const known: Readonly<Partial<Record<RefusalCode, number>>> = statuses
  const status = known[code]
  if (status === undefined) throw new Error(`no status is promised for ${code}`)
  return status
}

/** The fields of a problem beside its code. */
export interface Facts {
  readonly attemptsLeft?: number
  readonly lockedUntil?: string | null
  readonly retryAt?: string
  readonly retryAfterSeconds?: number
  readonly challenge?: object
  readonly challengeUrl?: string
}

/** The fields of the refusal for a failed store: try again in five seconds. */
export function retrySoon({ clock }: { readonly clock: TestClock }) {
  return { retryAt: clock.iso(5), retryAfterSeconds: 5 }
}

/** Checks that an answer is this refusal as a problem, with these facts and no field beside them. */
export function expectProblem(
  answer: Answer,
  code: RefusalCode,
  facts: Facts = {},
  status = statusOf(code),
): void {
  const title = STATUS_CODES[status]
  expect({ status: answer.status, body: answer.text === '' ? '' : answer.json }).toEqual({
    status,
    body: {
      ...{ type: 'about:blank', title, status, code, ...facts },
      detail: expect.stringMatching(/^[A-Z].+\.$/) as string,
    },
  })
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expectRefusalHeaders(answer, facts)
}

/** Checks that an answer is this refusal as a page, the sentence in it. */
export function expectRefusalPage(
  answer: Answer,
  code: RefusalCode,
  sentence: string | RegExp,
  facts: Facts = {},
): void {
  expect(answer.status).toBe(statusOf(code))
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(reasonOn(answer)).toMatch(sentence)
  expectRefusalHeaders(answer, facts)
}

/**
 * Checks that a refused form has led to its page, and that the page tells the reason. Returns the page, as the browser
 * has it: a reload posts nothing.
 */
export async function expectRefusedForm(
  browser: Browser,
  answer: Answer,
  sentence: string | RegExp,
  path = '/second-factor/',
): Promise<Answer> {
  expect([answer.status, answer.headers.get('location')]).toEqual([303, path])
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const page = await browser.page(path)
  expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect(reasonOn(page)).toMatch(sentence)
  return page
}

/** The reason that a page tells for a refusal; empty where it tells none. */
export function reasonOn({ text }: Answer): string {
  const [, reason = ''] = /<p[^>]*\sid="alert"[^>]*>([\s\S]*?)<\/p>/.exec(text) ?? []
  return textOf(`<body>${reason}`)
}

function expectRefusalHeaders(answer: Answer, { retryAfterSeconds }: Facts): void {
  expect(answer.headers.get('retry-after')).toBe(
    retryAfterSeconds === undefined ? null : String(retryAfterSeconds),
  )
  expect(answer.headers.get('cache-control')).toBe('no-store')
}
