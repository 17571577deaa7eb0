/** Judging a signature: no ceremony passes twice, and the counter of an unsynced key never goes back. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { newSubject, withPart, type SubjectState } from '../../../src/core/state.js'
import { judgeAssertion, type SignedAssertion } from '../../../src/factors/passkeys/rules/judge.js'
import { keysOf, kind, type Passkey } from '../../../src/factors/passkeys/rules/part.js'
import { minute, t0 } from '../../support/clock.js'

const handle = 'AAAAAAAAAAAAAAAAAAAAAA'

function rowWith(synced: boolean): SubjectState {
  const key: Passkey = {
    ...{ id: 'item', credentialId: 'cred', publicKey: 'key', counter: 0, synced },
    ...{ transports: [], name: 'Passkey', addedAt: t0, usedAt: null },
  }
  return withPart(newSubject('1', 1, t0), kind, {
    held: true,
    handle,
    keys: [key],
    spent: [],
  } as object)
}

const tries = fc.array(fc.record({ counter: fc.nat({ max: 8 }), ceremony: fc.nat({ max: 12 }) }), {
  maxLength: 30,
})

/** Judges one after the other, and returns those that passed with what was kept. */
function passedOf(synced: boolean, given: readonly { counter: number; ceremony: number }[]) {
  let row = rowWith(synced)
  return given.flatMap(({ counter, ceremony }) => {
    const signed: SignedAssertion = {
      ...{ status: 'signed', credentialId: 'cred', counter, synced, handle: null },
      ceremony: { id: String(ceremony), until: t0 + 5 * minute },
    }
    const before = keysOf(row)[0]?.counter ?? 0
    const verdict = judgeAssertion(row, t0, signed)
    if (verdict.status !== 'right') {
      expect(verdict).toEqual({ status: 'refused', code: 'passkey_rejected' })
      return []
    }
    row = withPart(row, kind, verdict.part)
    const kept = keysOf(row)[0]?.counter ?? 0
    return [{ counter, ceremony, before, kept, proof: verdict.proof }]
  })
}

describe.each([false, true])('a passkey (synced: %s)', (synced) => {
  test('passes no ceremony twice and stores the highest counter seen', () => {
    fc.assert(
      fc.property(tries, (given) => {
        const passed = passedOf(synced, given)
        expect(new Set(passed.map(({ ceremony }) => ceremony)).size).toBe(passed.length)
        let highest = 0
        for (const { counter, before, kept } of passed) {
          highest = Math.max(highest, counter)
          expect([before <= kept, kept]).toEqual([true, highest])
        }
      }),
    )
  })

  test('whose counter does not rise passes only if it is synced, and is reported', () => {
    fc.assert(
      fc.property(tries, (given) => {
        for (const { counter, before, proof } of passedOf(synced, given)) {
          const isBehind = before > 0 && counter <= before
          expect(proof).toEqual({ suspicion: isBehind ? 'counter' : null })
          if (!synced) expect(isBehind).toBe(false)
        }
      }),
    )
  })
})
