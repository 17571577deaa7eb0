/** Reads rows in the form that tests check. */

import type { SubjectState } from '../../src/core/state.js'
import { partOf, withPhone, type PhonePart } from '../../src/factors/phone/rules/part.js'
import type { StateStore } from '../../src/ports/state-store.js'

/** The row of a subject, which has to be there. */
export async function rowOf(store: StateStore, subject: string): Promise<SubjectState> {
  const row = await store.read(subject)
  if (row === null) throw new Error(`there is no row of ${subject}`)
  return row
}

/** The phone's part of a row: its challenge and the counters of sent messages. */
export const phoneOf = partOf

/** A row with some of what the phone keeps replaced. */
export const withPhoneFields: (row: SubjectState, fields: Partial<PhonePart>) => SubjectState =
  withPhone
