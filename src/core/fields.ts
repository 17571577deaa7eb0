/** Reads fields that a client sent. They can be of any type. */

import { refusal, type Refusal } from './refusal.js'

/** The fields of a request body or of a call's options; `null` if there are none. */
export type Fields = object | null

/** A string from a field. */
export interface ReadString {
  readonly status: 'read'
  readonly text: string
}

/** Longest input of a field, in characters. A whole pasted message fits. */
export const maxTypedLength = 512

/** The own property of this name, of any type; `undefined` if there is none. */
export function readOwn(fields: Fields, name: string): unknown {
  return fields !== null && Object.hasOwn(fields, name) ? Reflect.get(fields, name) : undefined
}

/**
 * The own property of this name if it is a string, or `null`.
 *
 * @example
 * const method = readOwnString(fields, 'method')
 */
export function readOwnString(fields: Fields, name: string): string | null {
  const value = readOwn(fields, name)
  return typeof value === 'string' ? value : null
}

/**
 * The own string property of this name. Refuses an empty one and one of more than 512 characters.
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
