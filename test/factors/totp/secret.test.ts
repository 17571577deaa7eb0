/** Secrets: generated at random, encoded for apps, and imported from other systems. */

import { base32 } from '@scure/base'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { ConfigurationError } from '../../../src/core/errors.js'
import {
  groupedSecret,
  newSecret,
  readSecret,
  spelledSecret,
} from '../../../src/factors/totp/rules/secret.js'

describe('a new secret', () => {
  test('has 160 unique bits: 32 characters, without padding', () => {
    const spelled = Array.from({ length: 1_000 }, () => spelledSecret(newSecret()))
    for (const each of spelled) expect(each).toMatch(/^[A-Z2-7]{32}$/)
    expect(new Set(spelled).size).toBe(1_000)
  })

  test('is shown in groups of four', () => {
    expect(groupedSecret('JBSWY3DPEHPK3PXP')).toBe('JBSW Y3DP EHPK 3PXP')
    expect(groupedSecret('JBSWY')).toBe('JBSW Y')
  })
})

describe('a secret from another system', () => {
  test('is read as encoded, at every length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 64 }), (bytes) => {
        expect(readSecret(spelledSecret(bytes))).toEqual(Buffer.from(bytes))
        expect(readSecret(base32.encode(bytes))).toEqual(Buffer.from(bytes))
      }),
    )
  })

  test.each([
    'JBSWY3DPEHPK3PXPJBSWY3DPEE======',
    'JBSWY3DPEHPK3PXPJBSWY3DPEE',
    'jbswy3dpehpk3pxpjbswy3dpee',
    'JBSW Y3DP EHPK 3PXP JBSW Y3DP EE',
    'jbsw-y3dp-ehpk-3pxp-jbsw-y3dp-ee==',
    ' JBSWY3DPEHPK3PXPJBSWY3DPEE\n',
    'JBSW\u00a0Y3DP\u2009EHPK3PXPJBSWY3DPEE',
  ])('is read in any form: %j', (spelled) => {
    expect(readSecret(spelled).toString('hex')).toBe('48656c6c6f21deadbeef48656c6c6f21')
  })

  test.each([
    ['a digit that base32 does not have', 'JBSWY3DPEHPK3PX1'],
    ['hexadecimal', '48656c6c6f21deadbeef'],
    ['a length that no bytes have', 'JBSWY3DPEHPK3PXPJ'],
    ['bits behind the last byte', 'JBSWY3DPEHPK3PXPJB'],
    ['padding within', 'JBSWY3DP=EHPK3PXP'],
    ['an address', 'otpauth://totp/a?secret=JBSWY3DPEHPK3PXP'],
    ['a number', 5],
    ['nothing', undefined],
  ])('is refused without being quoted if it contains %s', (_, input) => {
    const error = errorOf(input)
    expect(error.option).toBe('secret')
    expect(error.message).toContain('base32')
    expect(error.message).not.toContain(String(input))
  })

  test('is refused if shorter than 80 bits or longer than 512', () => {
    for (const length of [1, 9, 65, 100]) {
      const spelled = spelledSecret(Buffer.alloc(length, 7))
      const { message } = errorOf(spelled)
      expect(message).toContain(`has ${length * 8} bits`)
      expect(message).not.toContain(spelled)
    }
  })
})

function errorOf(input: unknown): ConfigurationError {
  try {
    readSecret(input)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError)
    return error as ConfigurationError
  }
  throw new Error('the secret was read')
}
