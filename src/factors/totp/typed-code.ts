/** Reads an app's code as people type and paste it. */

import { readField, type Fields } from '../../core/fields.js'
import { isRefusal, refusal, type Refusal } from '../../core/refusal.js'
import { digitsWithin } from '../../core/typed-digits.js'
import { codeLength } from './rules/codes.js'

/** Reads the digits in the field `code`. */
export function readTypedCode(fields: Fields): string | Refusal {
  const field = readField(fields, 'code')
  if (isRefusal(field)) return field
  return digitsWithin(field.text, codeLength) ?? refusal('malformed_request')
}
