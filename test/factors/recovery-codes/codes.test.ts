/** Recovery codes: random, accepted however they are typed, and stored in a form that does not reveal them. */

import { createHash } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  digestOf,
  newCode,
  placeOf,
  readCode,
  spelledCode,
} from '../../../src/factors/recovery-codes/rules/codes.js'

const owner = { subject: 'user-1', setId: 'set-1' }
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

describe('a new code', () => {
  const codes = Array.from({ length: 5_000 }, newCode)

  test('has 24 characters of 32: 120 bits', () => {
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{24}$/)
  })

  test('is unique', () => {
    expect(new Set(codes).size).toBe(codes.length)
    expect(new Set(codes.map((code) => code.slice(0, 6))).size).toBeGreaterThan(4_980)
  })

  test('favours no character at any position', () => {
    for (let place = 0; place < 24; place += 1) {
      const counts = new Map<string, number>()
      for (const code of codes) {
        const each = code.charAt(place)
        counts.set(each, (counts.get(each) ?? 0) + 1)
      }
      // About 156 of each; fewer than 80 or more than 250 would be over six standard deviations off.
      for (const each of alphabet) expect(counts.get(each)).toBeGreaterThan(80)
      for (const each of alphabet) expect(counts.get(each)).toBeLessThan(250)
    }
  })

  test('is shown in six groups of four and read back from them', () => {
    for (const code of codes.slice(0, 100)) {
      expect(spelledCode(code)).toMatch(/^(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}$/)
      expect(readCode(spelledCode(code))).toBe(code)
    }
  })
})

describe('a typed code', () => {
  const code = 'ESKHNBXAWJDDW2PCP3AEM501'

  test.each([
    'ESKH-NBXA-WJDD-W2PC-P3AE-M501',
    'eskh-nbxa-wjdd-w2pc-p3ae-m501',
    'ESKHNBXAWJDDW2PCP3AEM501',
    ' eskh nbxa wjdd w2pc p3ae m501\n',
    'ESKH\u2013NBXA\u2014WJDD\u2212W2PC\u2011P3AE\uFE58M501',
    'ESKH\u00A0NBXA\u2009WJDD\u3000W2PC\u202FP3AE\tM501',
    'ESKH-NBXA-WJDD-W2PC-P3AE-M5OI',
    'eskh-nbxa-wjdd-w2pc-p3ae-m5ol',
    'ESKH-NBXA-WJDD-W\u0662PC-P\u06F3AE-M5O\u0967',
    '\uFF25\uFF33\uFF2B\uFF28-NBXA-WJDD-W2PC-P3AE-M\uFF1501',
    '\u202AESKH-NBXA-WJDD-W2PC-P3AE-M501\u202C',
    '\uFEFFESKH\u200BNBXA\u00ADWJDD-W2PC-P3AE-M501',
  ])('is accepted in any form: %j', (typed) => {
    expect(readCode(typed)).toBe(code)
  })

  test.each([
    ['empty', ''],
    ['spaces', '   '],
    ['one character short', 'ESKH-NBXA-WJDD-W2PC-P3AE-M50'],
    ['one character long', 'ESKH-NBXA-WJDD-W2PC-P3AE-M5011'],
    ['two codes', 'ESKH-NBXA-WJDD-W2PC-P3AE-M501 ESKH-NBXA-WJDD-W2PC-P3AE-M501'],
    ['a letter that no code has', 'USKH-NBXA-WJDD-W2PC-P3AE-M501'],
    ['Cyrillic that looks alike', 'ЕSKH-NBXA-WJDD-W2PC-P3AE-M501'],
    ['a sign', 'ESKH-NBXA-WJDD-W2PC-P3AE-M50*'],
    ['a plus', '+ESKH-NBXA-WJDD-W2PC-P3AE-M501'],
    ['a NUL', 'ESKH-NBXA-WJDD-W2PC-P3AE-M501\0'],
    ['text turned around', '\u202EESKH-NBXA-WJDD-W2PC-P3AE-M501'],
    ['six digits', '123456'],
    ['an emoji', '🔑'.repeat(24)],
  ])('is rejected if it is %s', (_, typed) => {
    expect(readCode(typed)).toBeNull()
  })

  test('never causes a fault, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 512 }), (typed) => {
        const read = readCode(typed)
        if (read !== null) expect(read).toMatch(/^[0-9A-HJKMNP-TV-Z]{24}$/)
      }),
    )
  })
})

describe('the digest of a code', () => {
  const code = newCode()

  test('is half a SHA-256 of the user, the set and the code', () => {
    const fields = ['passport-second-factor recovery code v1', 'user-1', 'set-1', code]
    const hash = createHash('sha256')
    for (const field of fields) {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(Buffer.byteLength(field))
      hash.update(length).update(field)
    }
    expect(digestOf(code, owner)).toEqual(hash.digest().subarray(0, 16))
  })

  test('differs for another code, another user and another set', () => {
    const digests = [
      digestOf(code, owner),
      digestOf(newCode(), owner),
      digestOf(code, { ...owner, subject: 'user-2' }),
      digestOf(code, { ...owner, setId: 'set-2' }),
      digestOf(code, { subject: 'user-1s', setId: 'et-1' }),
    ].map((digest) => digest.toString('hex'))
    expect(new Set(digests).size).toBe(digests.length)
  })

  test('is found at its position and nowhere else', () => {
    const codes = Array.from({ length: 10 }, newCode)
    const digests = Buffer.concat(codes.map((each) => digestOf(each, owner)))
    for (const [place, each] of codes.entries()) {
      expect(placeOf(each, owner, digests)).toBe(place)
      expect(placeOf(each, { ...owner, subject: 'user-2' }, digests)).toBe(-1)
    }
    expect(placeOf(newCode(), owner, digests)).toBe(-1)
    expect(placeOf(code, owner, Buffer.alloc(0))).toBe(-1)
  })
})
