import { createHash } from 'node:crypto'
import { inspect } from 'node:util'

import { describe, expect, test } from 'vitest'

import {
  codesMatch,
  createKeyRing,
  firstVersion,
  newId,
  type CodeBinding,
} from '../../src/factors/phone/rules/code.js'
import { ConfigurationError } from '../../src/core/errors.js'

const first = 'first-secret-of-at-least-32-bytes-0'
const other = 'other-secret-of-at-least-32-bytes-0'
const ring = createKeyRing(first)

function bindingOf(parts: Partial<CodeBinding> = {}): CodeBinding {
  return {
    id: 'AAECAwQFBgcICQoLDA0ODw',
    keyId: ring.issuingKeyId,
    purpose: 'sign-in',
    destination: '+237671234567',
    ...parts,
  }
}

describe('20,000 codes of a fixed row of challenge ids', () => {
  const codes = Array.from({ length: 20_000 }, (_, index) => {
    const id = createHash('sha256').update(`challenge ${index}`).digest('base64url').slice(0, 22)
    return ring.derive('user-1', bindingOf({ id }), 6) ?? ''
  })

  test('have six digits each, zeros in front included', () => {
    for (const code of codes) expect(code).toMatch(/^[0-9]{6}$/)
  })

  test('begin with a zero as often as with any other digit', () => {
    const zeros = codes.filter((code) => code.startsWith('0')).length
    expect(zeros).toBeGreaterThan(1_800)
    expect(zeros).toBeLessThan(2_200)
  })

  test.each([0, 1, 2, 3, 4, 5])('are uniform at position %d', (position) => {
    const counts = tally(codes.map((code) => Number(code[position])))
    // 27.88 is the value of chi-square with 9 degrees of freedom that chance passes once in 1,000.
    expect(chiSquare(counts)).toBeLessThan(27.88)
  })

  test('say nothing of the digit that comes next, within a code and from code to code', () => {
    for (const [from, to] of [
      [0, 1],
      [4, 5],
      [5, 6],
    ] as const) {
      const joined = codes.map((code, index) => code + (codes[(index + 1) % codes.length] ?? ''))
      const pairs = tally(
        joined.map((text) => Number(text[from]) * 10 + Number(text[to])),
        100,
      )
      // The same for 99 degrees of freedom.
      expect(chiSquare(pairs)).toBeLessThan(148.23)
    }
  })

  test('repeat no more often than chance has it', () => {
    // 20,000 draws out of a million leave about 19,801 different codes, give or take 14.
    expect(new Set(codes).size).toBeGreaterThan(19_730)
  })
})

describe('a code', () => {
  test('is the same each time it is derived, in this process and in the next', () => {
    const again = createKeyRing(first)
    expect(again.derive('user-1', bindingOf(), 6)).toBe(ring.derive('user-1', bindingOf(), 6))
  })

  test('keeps its derivation from version to version: open codes survive an upgrade', () => {
    // Worked out apart from this code: HMAC-SHA-256 over each field behind its length in 4 bytes.
    expect(ring.derive('user-1', bindingOf(), 6)).toBe('829001')
    expect(ring.derive('user-1', bindingOf(), 10)).toBe('9326829001')
  })

  test.each([4, 5, 6, 7, 8, 9, 10])('has exactly %d digits where so many are asked for', (digits) => {
    for (let index = 0; index < 200; index += 1) {
      const code = ring.derive('user-1', bindingOf({ id: `id ${index}` }), digits)
      expect(code).toMatch(new RegExp(`^[0-9]{${digits}}$`))
    }
  })

  const bound = ring.derive('user-1', bindingOf(), 10)

  test('is bound to its user, its challenge, its purpose, its number and its secret', () => {
    const others = [
      ring.derive('user-2', bindingOf(), 10),
      ring.derive('user-1', bindingOf({ id: 'BAECAwQFBgcICQoLDA0ODw' }), 10),
      ring.derive('user-1', bindingOf({ purpose: 'enrolment' }), 10),
      ring.derive('user-1', bindingOf({ destination: '+237671234568' }), 10),
      rederive(createKeyRing(other)),
    ]
    for (const code of others) expect(code).not.toBe(bound)
    expect(new Set(others).size).toBe(others.length)
  })

  test('changes where a character moves from one field to the next', () => {
    const purposeless = (purpose: string) => purpose as CodeBinding['purpose']
    const codeOf = (subject: string, purpose: string, id: string, destination: string) =>
      ring.derive(subject, bindingOf({ purpose: purposeless(purpose), id, destination }), 10)
    const spread = [
      codeOf('ab', 'cd', 'ef', 'gh'),
      codeOf('a', 'bcd', 'ef', 'gh'),
      codeOf('abc', 'd', 'ef', 'gh'),
      codeOf('ab', 'c', 'def', 'gh'),
      codeOf('ab', 'cde', 'f', 'gh'),
      codeOf('ab', 'cd', 'e', 'fgh'),
      codeOf('ab', 'cd', 'efg', 'h'),
      codeOf('abcdefgh', '', '', ''),
      codeOf('', '', '', 'abcdefgh'),
    ]
    expect(new Set(spread).size).toBe(spread.length)
  })

  test('cannot be moved by a subject that holds the bytes of a length', () => {
    const plain = ring.derive('u', bindingOf(), 10)
    expect(ring.derive('u\0\0\0\x07sign-in', bindingOf(), 10)).not.toBe(plain)
  })
})

describe('the key ring', () => {
  test('issues with its first secret', () => {
    expect(createKeyRing([first, other]).issuingKeyId).toBe(ring.issuingKeyId)
    expect(createKeyRing([other, first]).issuingKeyId).toBe(createKeyRing(other).issuingKeyId)
    expect(createKeyRing(other).issuingKeyId).not.toBe(ring.issuingKeyId)
  })

  test('still verifies what an older secret issued, while that one is in the ring', () => {
    expect(createKeyRing([other, first]).derive('user-1', bindingOf(), 6)).toBe(
      ring.derive('user-1', bindingOf(), 6),
    )
  })

  test('derives nothing once the secret has left, nor for a code that a vendor owns', () => {
    expect(createKeyRing(other).derive('user-1', bindingOf(), 6)).toBeNull()
    expect(ring.derive('user-1', bindingOf({ keyId: null }), 6)).toBeNull()
    expect(ring.derive('user-1', bindingOf({ keyId: '' }), 6)).toBeNull()
  })

  test('takes one secret twice for one', () => {
    expect(createKeyRing([first, first]).issuingKeyId).toBe(ring.issuingKeyId)
  })

  test('keeps its own copy of the secrets it was given', () => {
    const secrets = [first]
    const made = createKeyRing(secrets)
    secrets[0] = other
    expect(made.derive('user-1', bindingOf(), 6)).toBe(ring.derive('user-1', bindingOf(), 6))
  })

  test('counts bytes, not characters, up to the 32 a secret needs', () => {
    expect(() => createKeyRing('é'.repeat(16))).not.toThrow()
    expect(() => createKeyRing('x'.repeat(32))).not.toThrow()
    expect(faultOf('x'.repeat(31))).toContain('at least 32 bytes')
    expect(faultOf('é'.repeat(15))).toContain('at least 32 bytes')
  })

  test('refuses one short secret among long ones, and says how to make a good one', () => {
    expect(faultOf([first, 'short'])).toMatch(/at least 32 bytes; make one with\s+node -p/)
  })

  test.each([undefined, null, [], {}, 42, true, [undefined], [null], [42], [[first]]])(
    'refuses what is no secret: %j',
    (secret) => {
      expect(faultOf(secret)).toMatch(/^secret: /)
    },
  )

  test('shows no secret in a fault, in its key ids, or when it is printed', () => {
    const printed = [
      faultOf(['too-short-to-be-a-secret']),
      inspect(ring, { depth: 10, showHidden: true }),
      JSON.stringify(ring),
      ring.issuingKeyId,
    ].join('\n')
    expect(printed).not.toContain('too-short')
    expect(printed).not.toContain(first)
    expect(printed).not.toContain(Buffer.from(first).toString('hex'))
    expect(printed).not.toContain(Buffer.from(first).toString('base64url'))
  })
})

describe('comparing codes', () => {
  test('finds equal ones equal, and one wrong digit anywhere different', () => {
    expect(codesMatch('012345', '012345')).toBe(true)
    for (const wrong of ['112345', '012245', '012346', '543210']) {
      expect(codesMatch('012345', wrong)).toBe(false)
    }
  })

  test('never takes a shorter or a longer code, nor another spelling of the digits', () => {
    for (const wrong of ['', '12345', '0012345', '012345 ', '012345\n', '０12345', '٠12345']) {
      expect(codesMatch('012345', wrong)).toBe(false)
    }
  })
})

describe('what is drawn at random', () => {
  test('is 128 bits for an id, and safe in a URL', () => {
    const ids = Array.from({ length: 2_000 }, newId)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('is a whole number for a first version, with room to rise in every store', () => {
    const versions = Array.from({ length: 2_000 }, firstVersion)
    for (const version of versions) {
      expect(Number.isSafeInteger(version)).toBe(true)
      expect(version).toBeGreaterThan(0)
      expect(Number.isSafeInteger(version + 2 ** 47)).toBe(true)
    }
    expect(new Set(versions).size).toBe(versions.length)
  })
})

/** The code of the same challenge under another ring's issuing secret. */
function rederive(keys: typeof ring): string | null {
  return keys.derive('user-1', bindingOf({ keyId: keys.issuingKeyId }), 10)
}

function tally(values: readonly number[], kinds = 10): number[] {
  const counts = Array.from({ length: kinds }, () => 0)
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

/** The message of the fault that this secret, as JavaScript may give it, is refused with. */
function faultOf(secret: unknown): string {
  try {
    createKeyRing(secret as string)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    return (error as ConfigurationError).message
  }
  throw new Error('no fault')
}
