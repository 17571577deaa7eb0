/** Recovery codes: 120 random bits each, written so that people can read and type them. */

import { createHash, timingSafeEqual } from 'node:crypto'

import { lengthPrefixed } from '../../../core/keys.js'
import { newBytes } from '../../../core/random.js'
import { cleanTyped } from '../../../core/typed-digits.js'

/** Crockford's base32: without I, L and O, which are read as digits, and without U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Characters of a code, of 5 bits each. */
export const codeLength = 24

/** A code as it is judged. */
const spelling = /^[0-9A-HJKMNP-TV-Z]{24}$/

/** Bytes of a digest. Nobody finds 120 random bits through it, and two codes of a set never share one. */
export const digestBytes = 16

/** What names a code: whose it is, and of which set. */
export interface CodeOwner {
  readonly subject: string
  readonly setId: string
}

/** A new code, as it is judged: without dashes. */
export function newCode(): string {
  // 32 divides 256, so that no character is favoured.
  return Array.from(newBytes(codeLength), (byte) => alphabet.charAt(byte % alphabet.length)).join(
    '',
  )
}

/** A code as people see it: in groups of four. */
export function spelledCode(code: string): string {
  return code.match(/.{1,4}/g)?.join('-') ?? ''
}

/**
 * A code as people type or paste it: in either case, with any spaces, dashes and digits of any script, and with O, I
 * and L for the digits they look like. `null` where it cannot be a code.
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
 * The digest that the row keeps of a code. SHA-256 is enough: a slow hash protects what can be guessed, and 120 random
 * bits cannot be (NIST SP 800-63B-4 section 3.1.2.2).
 */
export function digestOf(code: string, { subject, setId }: CodeOwner): Buffer {
  const bound = lengthPrefixed(['passport-second-factor recovery code v1', subject, setId, code])
  return createHash('sha256').update(bound).digest().subarray(0, digestBytes)
}

/** The place of a code among the digests, or -1. Takes equally long wherever it stands, and if it stands nowhere. */
export function placeOf(code: string, owner: CodeOwner, digests: Uint8Array): number {
  const digest = digestOf(code, owner)
  let found = -1
  for (let at = 0; at < digests.length; at += digestBytes) {
    if (timingSafeEqual(digests.subarray(at, at + digestBytes), digest)) found = at / digestBytes
  }
  return found
}
