/** Reads fields that a client sent, and trusts no type in them. */

import { refusal, type Refusal } from './refusal.js'

/** The fields of a body or of a call's options; `null` where there are none. */
export type Fields = object | null

/** A string that was read. */
export interface ReadString {
  readonly status: 'read'
  readonly text: string
}

/** Nobody types more characters than this into one field, nor pastes more: a whole message fits. */
export const maxTypedLength = 512

/** The own field of this name, whatever its type; `undefined` where there is none. */
export function readOwn(fields: Fields, name: string): unknown {
  return fields !== null && Object.hasOwn(fields, name) ? Reflect.get(fields, name) : undefined
}

/**
 * The own string field of this name, or `null`.
 *
 * @example
 * const method = readOwnString(fields, 'method')
 */
export function readOwnString(fields: Fields, name: string): string | null {
  const value = readOwn(fields, name)
  return typeof value === 'string' ? value : null
}

/**
 * The own string field of this name, neither empty nor longer than anything that people type.
 *
 * @example
 * const word = readField(fields, 'word')
 * if (isRefusal(word)) return word
 */
export function readField(fields: Fields, name: string): ReadString | Refusal {
  const text = readOwnString(fields, name)
  if (text === null || text.trim() === '' || text.length > maxTypedLength) {
    return refusal('malformed_request')
  }
  return { status: 'read', text }
}
