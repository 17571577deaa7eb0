/** Wrong codes, and the outcome of a response as one word. */

import { isRefusal } from '../../src/core/refusal.js'

/** A well-formed code of the same length that is not this one; another for each `nth` from 1. */
export function wrongCode(code: string, nth = 1): string {
  return String((Number(code) + nth) % 10 ** code.length).padStart(code.length, '0')
}

/** The code of a refusal, else the status. */
export function outcomeOf(answer: { readonly status: string }): string {
  return isRefusal(answer) ? answer.code : answer.status
}
