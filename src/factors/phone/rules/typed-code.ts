/** Reads a code as people type and paste it. */

import { maxTypedLength, readField, type Fields, type ReadString } from '../../../core/fields.js'
import { refusal, type Refusal } from '../../../core/refusal.js'
import { digitsWithin } from '../../../core/typed-digits.js'

/** The digits of a typed code, or of the only code of this length in a pasted message. */
export function readCode(typed: unknown, codeLength: number): ReadString | Refusal {
  const isText = typeof typed === 'string' && typed.length <= maxTypedLength
  const text = isText ? digitsWithin(typed, codeLength) : null
  return text === null ? refusal('malformed_request') : { status: 'read', text }
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
