/** Keeps each user's row as it was last read: most reads find it unchanged, and most writes keep its `keepUntil`. */

import { damagedRow } from '../../core/read-row.js'
import { isObject } from '../../core/shape.js'
import type { SubjectState } from '../../core/state.js'
import { parsed, rowOf } from './row-values.js'

/** Users whose row is kept, mostly about 3 kB each. Beyond this the oldest is dropped. */
const maxUsers = 1_000

/** Longer texts are not kept, which bounds the memory. */
const maxLength = 16_384

/** The rows last read. Callers must not change them. */
export interface LastRows {
  /**
   * Builds a row from the JSON that the database made of it. Equal text returns the same object.
   *
   * @throws StoreUnavailableError for values that this package never writes.
   */
  rowOf(text: string): SubjectState
  /** Forgets a user's row, because it is being written or is gone. Returns it if it was kept. */
  take(subject: string): SubjectState | null
}

/** Makes the rows of one table. */
export function lastRows(): LastRows {
  const last = new Map<string, { readonly text: string; readonly row: SubjectState }>()
  return {
    rowOf(text) {
      const values = parsed(text)
      if (!isObject(values)) throw damagedRow('')
      const subject = String(values['subject'])
      const known = last.get(subject)
      if (known?.text === text) return known.row
      last.delete(subject)
      const row = rowOf(values, subject)
      if (text.length > maxLength) return row
      if (last.size >= maxUsers) last.delete(last.keys().next().value ?? '')
      last.set(subject, { text, row })
      return row
    },
    take(subject) {
      const row = last.get(subject)?.row ?? null
      last.delete(subject)
      return row
    },
  }
}
