/** Reads a code as people type it. */

import { maxTypedLength, readField, type Fields, type ReadString } from '../../../core/fields.js'
import { refusal, type Refusal } from '../../../core/refusal.js'

/** The digits of a typed code: ASCII spaces and hyphens dropped, then ASCII digits of exactly this length. */
export function readCode(typed: unknown, codeLength: number): ReadString | Refusal {
  if (typeof typed !== 'string' || typed.length > maxTypedLength)
    return refusal('malformed_request')
  const text = typed.replace(/[ -]/g, '')
  const isWellFormed = text.length === codeLength && /^[0-9]+$/.test(text)
  return isWellFormed ? { status: 'read', text } : refusal('malformed_request')
}

/** The code in the field of this name. */
export function readCodeField(
  fields: Fields,
  name: string,
  codeLength: number,
): ReadString | Refusal {
  const field = readField(fields, name)
  return field.status === 'read' ? readCode(field.text, codeLength) : field
}
