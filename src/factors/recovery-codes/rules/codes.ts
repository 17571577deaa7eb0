/** Recovery codes: 120 random bits each, in an alphabet that is easy to read and type. */

import { createHash, timingSafeEqual } from 'node:crypto'

import { lengthPrefixed } from '../../../core/keys.js'
import { newBytes } from '../../../core/random.js'
import { cleanTyped } from '../../../core/typed-digits.js'

/** Crockford's base32: no I, L or O, which look like digits, and no U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Characters in a code, 5 bits each. */
export const codeLength = 24

/** A normalized code. */
const spelling = /^[0-9A-HJKMNP-TV-Z]{24}$/

/** Bytes in a digest. Enough for 120 random bits: no collisions, and no attack easier than guessing. */
export const digestBytes = 16

/** The user and the set that a code belongs to. */
export interface CodeOwner {
  readonly subject: string
  readonly setId: string
}

/** Generates a code, without dashes. */
export function newCode(): string {
  // 32 divides 256, so the modulo has no bias.
  return Array.from(newBytes(codeLength), (byte) => alphabet.charAt(byte % alphabet.length)).join(
    '',
  )
}

/** Formats a code in groups of four. */
export function spelledCode(code: string): string {
  return code.match(/.{1,4}/g)?.join('-') ?? ''
}

/**
 * Normalizes a code as people type or paste it: in either case, with any spaces, dashes and digits of any script, and
 * with O, I and L for the digits they look like. Returns `null` if it cannot be a code.
 *
 * @example
 * readCode('eskh nbxa wjdd w2pc p3ae m5zx') // 'ESKHNBXAWJDDW2PCP3AEM5ZX'
 */
export function readCode(typed: string): string | null {
  const code = (cleanTyped(typed.normalize('NFKC')) ?? '')
    .replaceAll(' ', '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  return spelling.test(code) ? code : null
}

/**
 * The digest of a code, for the row. SHA-256 is enough: only guessable secrets need a slow hash, and 120 random bits
 * cannot be guessed (NIST SP 800-63B-4 section 3.1.2.2).
 */
export function digestOf(code: string, { subject, setId }: CodeOwner): Buffer {
  const bound = lengthPrefixed(['passport-second-factor recovery code v1', subject, setId, code])
  return createHash('sha256').update(bound).digest().subarray(0, digestBytes)
}

/** The index of a code among the digests, or -1. Takes constant time. */
export function placeOf(code: string, owner: CodeOwner, digests: Uint8Array): number {
  const digest = digestOf(code, owner)
  let found = -1
  for (let at = 0; at < digests.length; at += digestBytes) {
    if (timingSafeEqual(digests.subarray(at, at + digestBytes), digest)) found = at / digestBytes
  }
  return found
}
