/** The value under a user's key: the whole row as JSON, with the version of its format. */

import { StoreUnavailableError } from '../../core/errors.js'
import { readRow } from '../../core/read-row.js'
import { isObject } from '../../core/shape.js'
import type { SubjectState } from '../../core/state.js'

const formatVersion = 1

/** Rows are kept so much longer than they limit anybody, for clocks that are wrong. */
const marginMilliseconds = 86_400_000

/**
 * How long a row is kept from now on, or `null` where it has to stay. Counted from the row's own `updatedAt`, so
 * that it is right however far Redis's clock is from the application's.
 */
export function lifetimeMilliseconds({ keepUntil, updatedAt }: SubjectState): number | null {
  if (keepUntil === null) return null
  return Math.max(0, Math.ceil(keepUntil - updatedAt)) + marginMilliseconds
}

/** The value of a row. @throws StoreUnavailableError where it would not come back as it is. */
export function writeValue(subject: string, state: SubjectState): string {
  return JSON.stringify({ v: formatVersion, ...readRow(state, subject) })
}

/**
 * The row of a value, or `null` where Redis has none.
 *
 * @throws StoreUnavailableError where there is a value that is not a whole row of this user: treated as
 * absent, it would be a forgotten lock.
 */
export function readValue(subject: string, reply: unknown): SubjectState | null {
  if (reply === null) return null
  const json = reply instanceof Uint8Array ? Buffer.from(reply).toString('utf8') : reply
  if (typeof json !== 'string') {
    throw unusable('GET returned no string; sendCommand has to return what the client returns')
  }
  const value = parsed(json)
  if (!isObject(value)) throw unusable('the value of a row is no JSON object')
  const { v, ...state } = value
  if (v !== formatVersion) {
    throw unusable(`the value of a row has another format version than ${formatVersion}`)
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
