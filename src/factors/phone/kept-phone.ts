/** The verified phone as something that is held here, where the application keeps no phones. */

import type { HeldParts } from '../../ports/enrolment.js'
import { maskPhone } from './mask.js'
import { kind, readPart } from './rules/part.js'

/** There is one phone, so that its kind names it. */
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
    // What was proved goes too: it would stand in the way of the next phone.
    const { kept: _phone, held: _held, isOff: _off, proved: _proved, ...part } = readPart(stored)
    return { ...part, challenge: null }
  },
}
