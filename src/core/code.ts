/** Derives codes from server secrets and compares them; the only source of randomness. */

import {
  createHash,
  createHmac,
  createSecretKey,
  randomFillSync,
  randomInt,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto'

import { ConfigurationError } from './errors.js'
import type { Challenge } from './state.js'

/** Secrets shorter than this are refused: 256 bits, the size of the HMAC they key. */
export const minimumSecretBytes = 32

/** The secrets that derive codes: the first issues, all of them verify. */
export interface KeyRing {
  /** The key that new challenges name. */
  readonly issuingKeyId: string
  /** The challenge's code, or `null` where its key is no longer in the ring. */
  derive(subject: string, challenge: CodeBinding, digits: number): string | null
}

/** What a code is bound to, beside its user. */
export type CodeBinding = Pick<Challenge, 'id' | 'keyId' | 'purpose' | 'destination'>

/**
 * Makes the key ring out of the `secret` option.
 *
 * @throws ConfigurationError where a secret is absent or shorter than 32 bytes.
 */
export function createKeyRing(secret: string | readonly string[]): KeyRing {
  const given: unknown = typeof secret === 'string' ? [secret] : secret
  const secrets: readonly unknown[] = Array.isArray(given) ? given : []
  const keys = new Map<string, KeyObject>()
  for (const text of secrets) {
    if (typeof text !== 'string' || Buffer.byteLength(text) < minimumSecretBytes) {
      throw new ConfigurationError(
        `secret: each secret needs at least ${minimumSecretBytes} bytes; make one with ` +
          `node -p "crypto.randomBytes(32).toString('base64url')"`,
      )
    }
    keys.set(keyIdOf(text), createSecretKey(text, 'utf8'))
  }
  const [issuingKeyId] = keys.keys()
  if (issuingKeyId === undefined) {
    throw new ConfigurationError('secret: give a string, or an array with the issuing secret first')
  }
  return {
    issuingKeyId,
    derive(subject, challenge, digits) {
      const key = challenge.keyId === null ? undefined : keys.get(challenge.keyId)
      return key === undefined ? null : deriveCode(key, subject, challenge, digits)
    },
  }
}

/**
 * The code of a challenge: HMAC-SHA-256 over what it is bound to, reduced to decimal digits as
 * RFC 4226 reduces its HMAC. The whole digest is reduced, so that no digit is favoured.
 */
function deriveCode(
  key: KeyObject,
  subject: string,
  challenge: CodeBinding,
  digits: number,
): string {
  const bound = lengthPrefixed([
    'passport-second-factor code v1',
    subject,
    challenge.purpose,
    challenge.id,
    challenge.destination,
  ])
  const digest = createHmac('sha256', key).update(bound).digest()
  const modulus = 10 ** digits
  let value = 0
  // Long division by 16 bits at a time: exact, for 10 digits and 16 bits fit a number, and quicker than a bigint.
  for (let at = 0; at < digest.length; at += 2) {
    value = (value * 2 ** 16 + digest.readUInt16BE(at)) % modulus
  }
  return value.toString().padStart(digits, '0')
}

/** Each field behind its length in bytes, so that no two lists of fields read alike. */
function lengthPrefixed(fields: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafe(
    fields.reduce((sum, field) => sum + 4 + Buffer.byteLength(field), 0),
  )
  let at = 0
  for (const field of fields) {
    const length = bytes.write(field, at + 4)
    at = bytes.writeUInt32BE(length, at) + length
  }
  return bytes
}

/** Names a secret without revealing it: a hash of 256 secret bits cannot be searched. */
function keyIdOf(secret: string): string {
  return createHash('sha256')
    .update('passport-second-factor key id v1\0')
    .update(secret)
    .digest('hex')
    .slice(0, 12)
}

/** Compares two codes in time that does not depend on where they differ. */
export function codesMatch(expected: string, given: string): boolean {
  const left = Buffer.from(expected)
  const right = Buffer.from(given)
  return left.length === right.length && timingSafeEqual(left, right)
}

const idBytes = 16

/** Random bytes for ids to come, as `crypto.randomUUID` keeps them: a draw costs the same for one id as for many. */
const drawn = Buffer.alloc(128 * idBytes)
let usedUp = drawn.length

/** A new id of 128 random bits, for challenges and grants. */
export function newId(): string {
  if (usedUp === drawn.length) {
    randomFillSync(drawn)
    usedUp = 0
  }
  const id = drawn.toString('base64url', usedUp, usedUp + idBytes)
  usedUp += idBytes
  return id
}

/** Where a new row's version begins: random, so that a version from before a delete never fits. */
export function firstVersion(): number {
  return randomInt(1, 2 ** 47)
}
