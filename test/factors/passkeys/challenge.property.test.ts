/** A challenge is valid only for its purpose, for five minutes. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createKeyRing } from '../../../src/core/keys.js'
import {
  challengeSeconds,
  newChallenge,
  openChallenge,
  type ChallengeBinding,
} from '../../../src/factors/passkeys/rules/challenge.js'
import { second, t0 } from '../../support/clock.js'
import { firstSecret, otherSecret } from '../held-rig.js'

const ring = createKeyRing(firstSecret)
const life = challengeSeconds * second

const bindings: fc.Arbitrary<ChallengeBinding> = fc.record({
  purpose: fc.constantFrom('sign-in', 'enrolment'),
  subject: fc.string({ unit: 'grapheme' }),
  sessionKey: fc.string(),
})

describe('a challenge', () => {
  test('opens for its purpose until it expires', () => {
    fc.assert(
      fc.property(bindings, fc.integer({ min: -30 * second, max: life - 1 }), (binding, later) => {
        const challenge = newChallenge(ring, binding, t0)
        expect(openChallenge(ring, binding, challenge, t0 + later)).toEqual({
          id:
            challenge.slice(0, 21) +
            Buffer.from(challenge, 'base64url').toString('base64url', 0, 16).slice(21),
          until: t0 + life,
        })
      }),
    )
  })

  test('opens neither after it expires nor if made by a clock far ahead', () => {
    fc.assert(
      fc.property(bindings, fc.nat({ max: 10 * life }), (binding, more) => {
        const challenge = newChallenge(ring, binding, t0)
        expect(openChallenge(ring, binding, challenge, t0 + life + more)).toBeNull()
        expect(openChallenge(ring, binding, challenge, t0 - 30 * second - 1 - more)).toBeNull()
      }),
    )
  })

  test('opens for no other purpose, user or session', () => {
    fc.assert(
      fc.property(bindings, bindings, (binding, other) => {
        fc.pre(JSON.stringify(binding) !== JSON.stringify(other))
        expect(openChallenge(ring, other, newChallenge(ring, binding, t0), t0)).toBeNull()
      }),
    )
  })

  test('does not open when id and session are split at a different place', () => {
    const made = newChallenge(ring, { purpose: 'sign-in', subject: 'ab', sessionKey: 'c' }, t0)
    const other = { purpose: 'sign-in', subject: 'a', sessionKey: 'bc' } as const
    expect(openChallenge(ring, other, made, t0)).toBeNull()
  })

  test('does not open with any bit flipped or any other encoding', () => {
    const binding = { purpose: 'sign-in', subject: 'u', sessionKey: 's' } as const
    const challenge = newChallenge(ring, binding, t0)
    fc.assert(
      fc.property(fc.nat({ max: 54 * 8 - 1 }), (bit) => {
        const bytes = Buffer.from(challenge, 'base64url')
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(openChallenge(ring, binding, bytes.toString('base64url'), t0)).toBeNull()
      }),
    )
    for (const spelling of [
      `${challenge}=`,
      ` ${challenge}`,
      `${challenge}AAAA`,
      challenge.slice(1),
    ]) {
      expect(openChallenge(ring, binding, spelling, t0)).toBeNull()
    }
  })

  test('neither opens nor throws for an arbitrary string', () => {
    const binding = { purpose: 'sign-in', subject: 'u', sessionKey: 's' } as const
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
        expect(openChallenge(ring, binding, text, t0)).toBeNull()
      }),
    )
  })

  test('differs each time', () => {
    const binding = { purpose: 'sign-in', subject: 'u', sessionKey: 's' } as const
    const made = Array.from({ length: 1000 }, () => newChallenge(ring, binding, t0))
    expect(new Set(made.map((each) => openChallenge(ring, binding, each, t0)?.id)).size).toBe(1000)
  })

  test('from before a secret rotation opens while the old secret is kept and not after', () => {
    const binding = { purpose: 'sign-in', subject: 'u', sessionKey: 's' } as const
    const made = newChallenge(ring, binding, t0)
    const rotated = createKeyRing([otherSecret, firstSecret])
    expect(openChallenge(rotated, binding, made, t0)).not.toBeNull()
    expect(openChallenge(createKeyRing(otherSecret), binding, made, t0)).toBeNull()
    const next = newChallenge(rotated, binding, t0)
    expect(openChallenge(createKeyRing(otherSecret), binding, next, t0)).not.toBeNull()
  })
})
