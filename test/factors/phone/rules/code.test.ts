import { createHash } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { createKeyRing } from '../../../../src/core/keys.js'
import { deriveCode, type CodeBinding } from '../../../../src/factors/phone/rules/code.js'

const first = 'first-secret-of-at-least-32-bytes-0'
const other = 'other-secret-of-at-least-32-bytes-0'
const ring = createKeyRing(first)

function bindingWith(fields: Partial<CodeBinding> = {}): CodeBinding {
  return {
    id: 'AAECAwQFBgcICQoLDA0ODw',
    code: { owner: 'local', keyId: ring.issuingKeyId },
    purpose: 'sign-in',
    destination: '+237671234567',
    ...fields,
  }
}

/** The code of a challenge of `user-1`, or of another subject, in so many digits. */
function codeOf(
  fields: Partial<CodeBinding> = {},
  codeLength = 6,
  subject = 'user-1',
  keys = ring,
) {
  return deriveCode(keys, subject, bindingWith(fields), codeLength)
}

describe('20,000 codes from a fixed list of challenge ids', () => {
  const codes = Array.from({ length: 20_000 }, (_, index) => {
    const id = createHash('sha256').update(`challenge ${index}`).digest('base64url').slice(0, 22)
    return codeOf({ id }) ?? ''
  })

  test('have six digits each, including leading zeros', () => {
    for (const code of codes) expect(code).toMatch(/^[0-9]{6}$/)
  })

  test('begin with a zero as often as with any other digit', () => {
    const zeros = codes.filter((code) => code.startsWith('0')).length
    expect(zeros).toBeGreaterThan(1_800)
    expect(zeros).toBeLessThan(2_200)
  })

  test.each([0, 1, 2, 3, 4, 5])('are uniform at position %d', (position) => {
    const counts = frequencies(codes.map((code) => Number(code[position])))
    // 27.88 is the value of chi-square with 9 degrees of freedom that chance passes once in 1,000.
    expect(chiSquare(counts)).toBeLessThan(27.88)
  })

  test('give no hint of the next digit, within a code and from code to code', () => {
    for (const [from, to] of [
      [0, 1],
      [4, 5],
      [5, 6],
    ] as const) {
      const joined = codes.map((code, index) => code + (codes[(index + 1) % codes.length] ?? ''))
      const pairs = frequencies(
        joined.map((text) => Number(text[from]) * 10 + Number(text[to])),
        100,
      )
      // The same for 99 degrees of freedom.
      expect(chiSquare(pairs)).toBeLessThan(148.23)
    }
  })

  test('repeat no more often than by chance', () => {
    // 20,000 draws out of a million leave about 19,801 different codes, give or take 14.
    expect(new Set(codes).size).toBeGreaterThan(19_730)
  })
})

describe('a code', () => {
  test('is the same each time it is derived, in this process and in the next', () => {
    expect(codeOf({}, 6, 'user-1', createKeyRing(first))).toBe(codeOf())
  })

  test('keeps its derivation from version to version: open codes survive an upgrade', () => {
    // Worked out apart from this code: HMAC-SHA-256 over each field behind its length in 4 bytes.
    expect(codeOf()).toBe('829001')
    expect(codeOf({}, 10)).toBe('9326829001')
  })

  test.each([4, 5, 6, 7, 8, 9, 10])('has exactly the requested %d digits', (codeLength) => {
    for (let index = 0; index < 200; index += 1) {
      const code = codeOf({ id: `id ${index}` }, codeLength)
      expect(code).toMatch(new RegExp(`^[0-9]{${codeLength}}$`))
    }
  })

  const bound = codeOf({}, 10)

  test('is bound to its user, its challenge, its purpose, its phone and its secret', () => {
    const others = [
      codeOf({}, 10, 'user-2'),
      codeOf({ id: 'BAECAwQFBgcICQoLDA0ODw' }, 10),
      codeOf({ purpose: 'enrolment' }, 10),
      codeOf({ destination: '+237671234568' }, 10),
      codeUnder(createKeyRing(other)),
    ]
    for (const code of others) expect(code).not.toBe(bound)
    expect(new Set(others).size).toBe(others.length)
  })

  test('changes if a character moves from one field to the next', () => {
    const boundTo = (subject: string, purpose: string, id: string, destination: string) =>
      codeOf({ purpose: purpose as CodeBinding['purpose'], id, destination }, 10, subject)
    const spread = [
      boundTo('ab', 'cd', 'ef', 'gh'),
      boundTo('a', 'bcd', 'ef', 'gh'),
      boundTo('abc', 'd', 'ef', 'gh'),
      boundTo('ab', 'c', 'def', 'gh'),
      boundTo('ab', 'cde', 'f', 'gh'),
      boundTo('ab', 'cd', 'e', 'fgh'),
      boundTo('ab', 'cd', 'efg', 'h'),
      boundTo('abcdefgh', '', '', ''),
      boundTo('', '', '', 'abcdefgh'),
    ]
    expect(new Set(spread).size).toBe(spread.length)
  })

  test('cannot be shifted by a subject that contains length bytes', () => {
    const plain = codeOf({}, 10, 'u')
    expect(codeOf({}, 10, 'u\0\0\0\x07sign-in')).not.toBe(plain)
  })
})

describe('the secret of a code', () => {
  test('can be an older one while it stays in the ring', () => {
    expect(codeOf({}, 6, 'user-1', createKeyRing([other, first]))).toBe(codeOf())
  })

  test('derives nothing once it has left the ring', () => {
    expect(codeOf({}, 6, 'user-1', createKeyRing(other))).toBeNull()
    expect(codeOf({ code: { owner: 'local', keyId: '' } })).toBeNull()
  })

  test('derives nothing for a code that a vendor owns', () => {
    expect(codeOf({ code: { owner: 'hosted', ref: null } })).toBeNull()
    expect(codeOf({ code: { owner: 'hosted', ref: ring.issuingKeyId } })).toBeNull()
    expect(deriveCode(null, 'user-1', bindingWith(), 6)).toBeNull()
  })
})

/** The code of the same challenge under another ring's issuing secret. */
function codeUnder(keys: typeof ring): string | null {
  return codeOf({ code: { owner: 'local', keyId: keys.issuingKeyId } }, 10, 'user-1', keys)
}

function frequencies(values: readonly number[], kinds = 10): number[] {
  const counts = Array.from({ length: kinds }, () => 0)
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}
