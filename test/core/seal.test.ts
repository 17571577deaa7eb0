/** Sealed bytes can be opened only for the purpose they were sealed for. */

import { createSecretKey } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createKeyRing } from '../../src/core/keys.js'
import { createSeal, type SealBinding } from '../../src/core/seal.js'

const first = 'first-secret-of-at-least-32-bytes-0'
const other = 'other-secret-of-at-least-32-bytes-0'
const binding: SealBinding = { purpose: 'a secret', subject: 'user-1', id: 'factor-1' }
const bytes = Buffer.from('twenty secret bytes!')
const seal = createSeal(createKeyRing(first))
const sealed = seal.seal(binding, bytes)

describe('sealed bytes', () => {
  test('open again, whatever their content', () => {
    expect(seal.open(binding, sealed)).toEqual(bytes)
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.string(),
        fc.string(),
        (any, subject, id) => {
          const bound = { ...binding, subject, id }
          expect(seal.open(bound, seal.seal(bound, any))).toEqual(Buffer.from(any))
        },
      ),
    )
  })

  test('take 64 characters for 20 bytes and name the secret that opens them', () => {
    expect(sealed.box).toMatch(/^[A-Za-z0-9_-]{64}$/)
    expect(sealed.keyId).toBe(createKeyRing(first).issuingKeyId)
    expect(seal.keyId).toBe(sealed.keyId)
  })

  test('look different each time and never show their content', () => {
    const boxes = Array.from({ length: 100 }, () => seal.seal(binding, bytes).box)
    expect(new Set(boxes).size).toBe(100)
    const nonces = boxes.map((box) => box.slice(0, 16))
    expect(new Set(nonces).size).toBe(100)
    for (const box of boxes) {
      expect(Buffer.from(box, 'base64url').includes(bytes.subarray(0, 4))).toBe(false)
    }
  })

  test('open in another process with the same secret', () => {
    expect(createSeal(createKeyRing(first)).open(binding, sealed)).toEqual(bytes)
  })

  test('open if an earlier release sealed them', () => {
    const box = 'MDEyMzQ1Njc4OWFiW_kezWNqaSz79OvuaOiU86fup9HolsZ6z0-1mcdoY3-Uy8Yr'
    expect(seal.open(binding, { keyId: sealed.keyId, box })).toEqual(bytes)
  })
})

describe('an attacker who writes to the database', () => {
  test('changes any one bit: nothing opens', () => {
    const whole = Buffer.from(sealed.box, 'base64url')
    for (let at = 0; at < whole.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const changed = Buffer.from(whole)
        changed[at] = (changed[at] ?? 0) ^ (1 << bit)
        const box = changed.toString('base64url')
        expect(seal.open(binding, { ...sealed, box }), `bit ${bit} of byte ${at}`).toBeNull()
      }
    }
  })

  test('copies it to another user, another factor or another purpose: nothing opens', () => {
    for (const changed of [
      { subject: 'user-2' },
      { id: 'factor-2' },
      { purpose: 'another secret' },
      { subject: 'user-1f', id: 'actor-1' },
      { purpose: 'a secretu', subject: 'ser-1' },
      { subject: '' },
    ]) {
      expect(seal.open({ ...binding, ...changed }, sealed)).toBeNull()
    }
  })

  test('truncates, extends or re-encodes it: nothing opens', () => {
    const { box } = sealed
    for (const changed of [
      ...Array.from({ length: box.length }, (_, length) => box.slice(0, length)),
      `${box}A`,
      `${box}AAAA`,
      `${box}=`,
      `${box} `,
      ` ${box}`,
      `${box.slice(0, 10)}\n${box.slice(10)}`,
      box.toLowerCase(),
      'not base64url!',
      '🔒'.repeat(32),
    ]) {
      expect(seal.open(binding, { ...sealed, box: changed }), changed).toBeNull()
    }
  })

  test('names another secret in the ring: nothing opens', () => {
    const ring = createKeyRing([first, other])
    const keyId = createKeyRing(other).issuingKeyId
    expect(createSeal(ring).open(binding, { ...sealed, keyId })).toBeNull()
  })
})

describe('after a rotation', () => {
  const rotated = createSeal(createKeyRing([other, first]))

  test('old data still opens with the old secret, and the new one seals', () => {
    expect(rotated.open(binding, sealed)).toEqual(bytes)
    const again = rotated.seal(binding, bytes)
    expect(again.keyId).toBe(createKeyRing(other).issuingKeyId)
    expect(createSeal(createKeyRing(other)).open(binding, again)).toEqual(bytes)
    expect(seal.open(binding, again)).toBeNull()
  })

  test('nothing opens once the old secret is gone', () => {
    const without = createSeal(createKeyRing(other))
    expect(without.open(binding, sealed)).toBeNull()
    for (const keyId of ['', 'constructor', '__proto__']) {
      expect(rotated.open(binding, { ...sealed, keyId })).toBeNull()
    }
  })
})

test('each secret derives one key, on first use', () => {
  let asked = 0
  const secret = createSecretKey(first, 'utf8')
  const counting = createSeal({
    issuingKeyId: 'first',
    keyIds: ['first'],
    key(keyId) {
      if (keyId !== 'first') return null
      asked += 1
      return secret
    },
  })
  expect(asked).toBe(0)
  for (let times = 0; times < 5; times += 1) counting.open(binding, counting.seal(binding, bytes))
  expect(asked).toBe(1)
})

test('a ring without its own issuing key seals nothing', () => {
  const empty = createSeal({ issuingKeyId: 'gone', keyIds: [], key: () => null })
  expect(() => empty.seal(binding, bytes)).toThrow('issuing key')
})
