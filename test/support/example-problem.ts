/** Checks that a response is a problem as the example's own routes return it. */

import { STATUS_CODES } from 'node:http'

import { expect } from 'vitest'

import type { Answer } from './browser.js'

/** Checks status, media type and every field that each problem has. */
export function expectOwnProblem(answer: Answer, status: number, code: string): void {
  const type = answer.headers.get('content-type')
  expect([answer.status, type, answer.text]).toEqual([
    status,
    'application/problem+json; charset=utf-8',
    expect.stringContaining(`"${code}"`),
  ])
  expect(answer.json).toMatchObject({
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    code,
    detail: expect.stringMatching(/^[A-Z].+\.$/) as string,
  })
}
