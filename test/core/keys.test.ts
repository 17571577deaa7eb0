import { inspect } from 'node:util'

import { describe, expect, test } from 'vitest'

import { ConfigurationError } from '../../src/core/errors.js'
import { createKeyRing, isSameSecret, lengthPrefixed } from '../../src/core/keys.js'

const first = 'first-secret-of-at-least-32-bytes-0'
const other = 'other-secret-of-at-least-32-bytes-0'
const ring = createKeyRing(first)

describe('the key ring', () => {
  test('issues with its first secret', () => {
    expect(createKeyRing([first, other]).issuingKeyId).toBe(ring.issuingKeyId)
    expect(createKeyRing([other, first]).issuingKeyId).toBe(createKeyRing(other).issuingKeyId)
    expect(createKeyRing(other).issuingKeyId).not.toBe(ring.issuingKeyId)
  })

  test('still finds an older secret while it is in the ring', () => {
    const rotated = createKeyRing([other, first])
    expect(rotated.key(ring.issuingKeyId)?.export().toString()).toBe(first)
    expect(rotated.key(rotated.issuingKeyId)?.export().toString()).toBe(other)
  })

  test('finds nothing under an unknown key id', () => {
    expect(createKeyRing(other).key(ring.issuingKeyId)).toBeNull()
    for (const keyId of ['', 'constructor', '__proto__']) expect(ring.key(keyId)).toBeNull()
  })

  test('counts a duplicate secret once', () => {
    expect(createKeyRing([first, first]).issuingKeyId).toBe(ring.issuingKeyId)
  })

  test('keeps its own copy of the secrets', () => {
    const secrets = [first]
    const made = createKeyRing(secrets)
    secrets[0] = other
    expect(made.issuingKeyId).toBe(ring.issuingKeyId)
    expect(made.key(made.issuingKeyId)?.export().toString()).toBe(first)
  })

  test('counts bytes, not characters, up to the 32 a secret needs', () => {
    expect(() => createKeyRing('é'.repeat(16))).not.toThrow()
    expect(() => createKeyRing('x'.repeat(32))).not.toThrow()
    expect(faultOf('x'.repeat(31))).toContain('at least 32 bytes')
    expect(faultOf('é'.repeat(15))).toContain('at least 32 bytes')
  })

  test('rejects one short secret among long ones, and says how to make one', () => {
    expect(faultOf([first, 'short'])).toMatch(/at least 32 bytes; make one with\s+node -p/)
  })

  test.each([undefined, null, [], {}, 42, true, [undefined], [null], [42], [[first]]])(
    'rejects an invalid secret: %j',
    (secret) => {
      expect(faultOf(secret)).toMatch(/^secret(?:: each| must)/)
    },
  )

  test('shows no secret in an error, in its key ids or when printed', () => {
    const printed = [
      faultOf(['too-short-to-be-a-secret']),
      inspect(ring, { depth: 10, showHidden: true }),
      JSON.stringify(ring),
      inspect(ring.key(ring.issuingKeyId), { depth: 10, showHidden: true }),
      ring.issuingKeyId,
    ].join('\n')
    expect(printed).not.toContain('too-short')
    expect(printed).not.toContain(first)
    expect(printed).not.toContain(Buffer.from(first).toString('hex'))
    expect(printed).not.toContain(Buffer.from(first).toString('base64url'))
  })
})

describe('comparing secrets', () => {
  test('accepts equal ones and rejects one wrong digit anywhere', () => {
    expect(isSameSecret('012345', '012345')).toBe(true)
    for (const wrong of ['112345', '012245', '012346', '543210']) {
      expect(isSameSecret('012345', wrong)).toBe(false)
    }
  })

  test('never accepts a shorter or longer one, or another spelling of the digits', () => {
    for (const wrong of ['', '12345', '0012345', '012345 ', '012345\n', '０12345', '٠12345']) {
      expect(isSameSecret('012345', wrong)).toBe(false)
    }
  })
})

describe('length-prefixed fields', () => {
  test('have a four-byte length before each, counted in bytes', () => {
    const bytes = lengthPrefixed(['ab', '', 'é'])
    expect(bytes.toString('hex')).toBe(['000000026162', '00000000', '00000002c3a9'].join(''))
  })

  test('differ if a character moves from one field to the next', () => {
    const lists = [['ab', 'c'], ['a', 'bc'], ['abc', ''], ['', 'abc'], ['abc'], ['a', 'b', 'c']]
    const bytes = lists.map((fields) => lengthPrefixed(fields).toString('hex'))
    expect(new Set(bytes).size).toBe(lists.length)
  })
})

/** The message of the error that rejects this secret, as JavaScript may pass it. */
function faultOf(secret: unknown): string {
  try {
    createKeyRing(secret as string)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    return (error as ConfigurationError).message
  }
  throw new Error('no fault')
}
