/** The key ring from the `secret` option, and helpers for hashing and comparing secrets. */

import { createHash, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'

import { ConfigurationError } from './errors.js'

/** Minimum length of a secret: 256 bits, the output size of the HMAC it keys. */
export const minimumSecretBytes = 32

/** The configured secrets. The first issues; all of them verify. */
export interface KeyRing {
  /** The id of the key for new codes and seals. */
  readonly issuingKeyId: string
  /** The ids of all keys, the issuing one first. */
  readonly keyIds: readonly string[]
  /** The key with this id, or `null` if it is not in the ring. */
  key(keyId: string): KeyObject | null
}

/**
 * Makes the key ring from the `secret` option.
 *
 * @throws ConfigurationError if a secret is missing or shorter than 32 bytes.
 */
export function createKeyRing(secret: string | readonly string[]): KeyRing {
  const input: unknown = typeof secret === 'string' ? [secret] : secret
  const secrets: readonly unknown[] = Array.isArray(input) ? input : []
  const keys = new Map<string, KeyObject>()
  for (const each of secrets) {
    if (typeof each !== 'string' || Buffer.byteLength(each) < minimumSecretBytes) {
      throw new ConfigurationError(
        `secret: each secret needs at least ${minimumSecretBytes} bytes; make one with ` +
          `node -p "crypto.randomBytes(32).toString('base64url')"`,
        'secret',
      )
    }
    keys.set(keyIdOf(each), createSecretKey(each, 'utf8'))
  }
  const keyIds = [...keys.keys()]
  const [issuingKeyId] = keyIds
  if (issuingKeyId === undefined) {
    throw new ConfigurationError(
      'secret must be a string, or an array with the issuing secret first',
      'secret',
    )
  }
  return { issuingKeyId, keyIds, key: (keyId) => keys.get(keyId) ?? null }
}

/** The ids of secrets. They identify an application, because no two applications share a secret. */
export function keyIdsOf(secret: string | readonly string[]): readonly string[] {
  return [secret].flat().map(keyIdOf)
}

/** A hash names a secret without revealing it: 256 bits are too many to search. */
function keyIdOf(secret: string): string {
  return createHash('sha256')
    .update('passport-second-factor key id v1\0')
    .update(secret)
    .digest('hex')
    .slice(0, 12)
}

/** Prefixes each field with its length in bytes, so no two lists of fields give the same bytes. */
export function lengthPrefixed(fields: readonly string[]): Buffer {
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

/**
 * Compares two strings in constant time.
 *
 * @example
 * if (isSameSecret(part.word, evidence)) return { status: 'right', part }
 */
export function isSameSecret(expected: string, input: string): boolean {
  const left = Buffer.from(expected)
  const right = Buffer.from(input)
  return left.length === right.length && timingSafeEqual(left, right)
}
