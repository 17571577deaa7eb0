/**
 * The phone's flows under limits. Each rig has its own time range, because rigs on one database share application-wide
 * counters.
 */

import { newId } from '../../src/core/random.js'
import { isRefusal } from '../../src/core/refusal.js'
import type { LimitsOptions } from '../../src/factors/phone/limits/options.js'
import type { SendRequest } from '../../src/factors/phone/start-challenge.js'
import type { CountStore } from '../../src/ports/count-store.js'
import { ask, openRig, type Rig, type RigOptions } from '../flows/rig.js'
import { day, t0 } from './clock.js'

/** The middle of a bucket, where nobody is near an edge. */
const calm = 5 * 60_000

let rigs = 0

/** A rig with limits. */
export interface LimitedRig extends Rig {
  /**
   * Asks for a code as somebody new unless `parts` say otherwise, and returns `sent` or the refusal's code.
   */
  send(parts?: Partial<SendRequest>): Promise<string>
  /** Asks so many times, one after the other, and returns how often each answer came. */
  sendAll(
    count: number,
    parts: (index: number) => Partial<SendRequest>,
  ): Promise<Record<string, number>>
}

/** Opens a rig whose clock stands in the middle of a bucket, at least 60 days behind that of any rig before. */
export function openLimited(
  limits: Partial<LimitsOptions> & { readonly counts: CountStore },
  options: RigOptions = {},
): LimitedRig {
  const rig = openRig({ secret: newId() + newId(), ...options, limits })
  rig.now = t0 + rigs * 60 * day + calm
  rigs += 1
  const send = async (parts: Partial<SendRequest> = {}) => {
    const { answer } = await ask(rig, { subject: newId(), purpose: 'enrolment', ...parts })
    return isRefusal(answer) ? answer.code : 'sent'
  }
  return Object.assign(rig, {
    send,
    async sendAll(count: number, parts: (index: number) => Partial<SendRequest>) {
      const tally: Record<string, number> = {}
      for (let index = 0; index < count; index += 1) {
        const answer = await send(parts(index))
        tally[answer] = (tally[answer] ?? 0) + 1
      }
      return tally
    },
  })
}

/** The phone with this number in a row of Cameroon's. */
export function phoneInRow(index: number, row = '+2376712'): string {
  return row + String(index).padStart(13 - row.length, '0')
}
