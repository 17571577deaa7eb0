/** The key ring made of the `secret` option, and what is keyed with it. */

import { createHash, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'

import { ConfigurationError } from './errors.js'

/** Shorter secrets are rejected: 256 bits, the size of the HMAC they key. */
export const minimumSecretBytes = 32

/** The secrets in force: the first issues, all of them verify. */
export interface KeyRing {
  /** The id of the key that new codes and seals name. */
  readonly issuingKeyId: string
  /** The ids of all keys, the issuing one first. */
  readonly keyIds: readonly string[]
  /** The key with this id, or `null` where it is no longer in the ring. */
  key(keyId: string): KeyObject | null
}

/**
 * Makes the key ring out of the `secret` option.
 *
 * @throws ConfigurationError where a secret is absent or shorter than 32 bytes.
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
      'secret: give a string, or an array with the issuing secret first',
      'secret',
    )
  }
  return { issuingKeyId, keyIds, key: (keyId) => keys.get(keyId) ?? null }
}

/** The ids of secrets: they tell applications apart, as no two have a secret in common. */
export function keyIdsOf(secret: string | readonly string[]): readonly string[] {
  return [secret].flat().map(keyIdOf)
}

/** Names a secret without revealing it: a hash of 256 secret bits cannot be searched. */
function keyIdOf(secret: string): string {
  return createHash('sha256')
    .update('passport-second-factor key id v1\0')
    .update(secret)
    .digest('hex')
    .slice(0, 12)
}

/** Puts each field behind its length in bytes, so that no two lists of fields give the same bytes. */
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
 * Compares two strings in time that does not depend on where they differ.
 *
 * @example
 * if (isSameSecret(part.word, evidence)) return { status: 'right', part }
 */
export function isSameSecret(expected: string, input: string): boolean {
  const left = Buffer.from(expected)
  const right = Buffer.from(input)
  return left.length === right.length && timingSafeEqual(left, right)
}
