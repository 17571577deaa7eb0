/** Keeps each user's row as it was last read: most reads find it unchanged, and most writes leave its `keepUntil`. */

import type { SubjectState } from '../../core/state.js'
import { rowOf, type Row } from './row-values.js'

/** Users whose row is kept, about 3 kB each. Beyond this the oldest is dropped. */
const maxUsers = 1_000

/** The rows that were last read, of which callers must change nothing. */
export interface LastRows {
  /**
   * Builds a row from the JSON that the database made of it. The same text answers the same row.
   *
   * @throws StoreUnavailableError for values that this package never writes.
   */
  rowOf(text: string): SubjectState
  /** Returns the row to be replaced, if it was read at this version, and forgets it. */
  taken(subject: string, version: number): SubjectState | null
}

/** Makes the rows of one table. */
export function lastRows(): LastRows {
  const last = new Map<string, { readonly text: string; readonly row: SubjectState }>()
  return {
    rowOf(text) {
      const values = JSON.parse(text) as Row
      const subject = String(values['subject'])
      const known = last.get(subject)
      if (known?.text === text) return known.row
      const row = rowOf(values, subject)
      if (last.size >= maxUsers && known === undefined) last.delete(last.keys().next().value ?? '')
      last.set(subject, { text, row })
      return row
    },
    taken(subject, version) {
      const row = last.get(subject)?.row
      last.delete(subject)
      return row?.version === version ? row : null
    },
  }
}
