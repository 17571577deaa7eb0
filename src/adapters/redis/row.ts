/** Reads and writes the value of a user's key: the whole row as JSON, with a format version. */

import { StoreUnavailableError } from '../../core/errors.js'
import { readRow } from '../../core/read-row.js'
import { isObject } from '../../core/shape.js'
import type { SubjectState } from '../../core/state.js'

const formatVersion = 1

/** The extra time that rows are kept, in case a clock is wrong. */
const marginMilliseconds = 86_400_000

/**
 * The time to live of a row, or `null` if it has to stay. It is relative to the row's own `updatedAt`, because Redis's
 * clock may differ from the application's.
 */
export function lifetimeMilliseconds({ keepUntil, updatedAt }: SubjectState): number | null {
  if (keepUntil === null) return null
  return Math.max(0, Math.ceil(keepUntil - updatedAt)) + marginMilliseconds
}

/** Serialises a row. @throws StoreUnavailableError if it could not be read back unchanged. */
export function writeValue(subject: string, state: SubjectState): string {
  return JSON.stringify({ v: formatVersion, ...readRow(state, subject) })
}

/**
 * Parses a value into its row, or returns `null` if Redis has none.
 *
 * @throws StoreUnavailableError if the value is not a whole row of this user: to treat it as absent would be to forget a
 * lock.
 */
export function readValue(subject: string, reply: unknown): SubjectState | null {
  if (reply === null) return null
  const json = reply instanceof Uint8Array ? Buffer.from(reply).toString('utf8') : reply
  if (typeof json !== 'string') {
    throw unusable('GET returned no string; sendCommand must return the reply of the client')
  }
  const value = parsed(json)
  if (!isObject(value)) throw unusable('the value of a row is not a JSON object')
  const { v, ...state } = value
  if (v !== formatVersion) {
    throw unusable(`the value of a row has a format version other than ${formatVersion}`)
  }
  return readRow(state, subject)
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // The error would quote the value.
    return undefined
  }
}

function unusable(fault: string): StoreUnavailableError {
  return new StoreUnavailableError(`redisStore: ${fault}`)
}
