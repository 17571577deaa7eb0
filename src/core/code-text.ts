/** Reads a code as people type it. */

import { refuse, type Refusal } from './refusal.js'

/** A text that was read. */
export interface ReadText {
  readonly status: 'read'
  readonly text: string
}

/** Nobody types a code, or a number, with more characters than this. */
export const maxTypedLength = 64

/** The digits of a typed code: ASCII spaces and hyphens dropped, then ASCII digits of exactly this length. */
export function toCode(typed: unknown, digits: number): ReadText | Refusal {
  if (typeof typed !== 'string' || typed.length > maxTypedLength) return refuse('malformed_request')
  const text = typed.replace(/[ -]/g, '')
  const wellFormed = text.length === digits && /^[0-9]+$/.test(text)
  return wellFormed ? { status: 'read', text } : refuse('malformed_request')
}
