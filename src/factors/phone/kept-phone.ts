/** The verified phone as a factor kept in the row, for applications that keep no phones. */

import type { HeldParts } from '../../ports/enrolment.js'
import { maskPhone } from './mask.js'
import { kind, readPart } from './rules/part.js'

/** There is only one phone, so the factor's kind is its id. */
export const keptPhone: HeldParts = {
  items(row) {
    const { kept } = readPart(row.factors[kind])
    if (kept === undefined) return []
    const { destination, verifiedAt } = kept
    const facts = { addedAt: verifiedAt, usedAt: null, usable: true }
    return [{ id: kind, kind, name: maskPhone(destination), ...facts }]
  },
  remove(stored, id) {
    if (id !== kind) return stored
    // The record of the proved phone goes too, because it would block the next phone.
    const { kept: _phone, held: _held, isOff: _off, proved: _proved, ...part } = readPart(stored)
    return { ...part, challenge: null }
  },
}
