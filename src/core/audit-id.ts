/** Ids of audit entries. They sort by time and, within one process, in order of creation. */

import { newBytes } from './random.js'
import type { Instant } from './state.js'

/** Crockford's base32, whose digits sort by value. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

let last = { at: -1, count: 0 }

/** Generates an id: ten digits of time, four of a counter within the millisecond, and twelve random ones. */
export function newAuditId(now: Instant): string {
  const at = Math.max(0, now)
  last = { at, count: last.at === at ? last.count + 1 : 0 }
  const chance = Array.from(newBytes(12), (byte) => digits[byte & 31]).join('')
  return written(at, 10) + written(last.count, 4) + chance
}

/** True if a value has the format of an entry's id. */
export function isAuditId(text: unknown): text is string {
  return typeof text === 'string' && /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text)
}

/** The lower bound of all ids from this instant on. */
export function firstAuditIdAt(instant: Instant): string {
  return written(Math.max(0, instant), 10).padEnd(26, '0')
}

function written(value: number, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) {
    text = (digits[rest % 32] ?? '') + text
  }
  return text
}
