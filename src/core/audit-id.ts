/** Ids of audit entries: they sort by time, and those of one process in the order they were made. */

import { newBytes } from './random.js'
import type { Instant } from './state.js'

/** Crockford's base 32, which sorts as its values do. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

let last = { at: -1, count: 0 }

/** A new id: ten digits of time, four that count within a millisecond, twelve of chance. */
export function newAuditId(now: Instant): string {
  const at = Math.max(0, now)
  last = { at, count: last.at === at ? last.count + 1 : 0 }
  const chance = Array.from(newBytes(12), (byte) => digits[byte & 31]).join('')
  return written(at, 10) + written(last.count, 4) + chance
}

/** Whether a text could be the id of an entry. */
export function isAuditId(text: unknown): text is string {
  return typeof text === 'string' && /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text)
}

/** What every id from this instant on is not before. */
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
