/** Seals bytes that must be readable later: encrypts them under a key from `secret`, bound to their context. */

import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'

import { lengthPrefixed, type KeyRing } from './keys.js'
import { newBytes } from './random.js'

/** Sealed bytes. */
export interface Sealed {
  /** The id of the secret that opens it. */
  readonly keyId: string
  /** Nonce, ciphertext and tag, in base64url. */
  readonly box: string
}

/** The context of sealed bytes. They open only with the same three values. */
export interface SealBinding {
  /** The kind of content, so that one kind cannot be passed off as another. */
  readonly purpose: string
  /** The user's id. */
  readonly subject: string
  /** The id of the sealed thing, such as an enrolled item. */
  readonly id: string
}

/** Seals bytes under the issuing secret, and opens them under any configured one. */
export interface Seal {
  /** The id of the issuing secret. */
  readonly keyId: string
  /** Encrypts and binds the bytes. Sealing the same bytes twice gives two different boxes. */
  seal(binding: SealBinding, bytes: Uint8Array): Sealed
  /** Decrypts the bytes; `null` if the secret is gone, the binding differs, or the box was altered. Never throws. */
  open(binding: SealBinding, sealed: Sealed): Buffer | null
}

const cipher = 'aes-256-gcm'
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/**
 * Makes a seal from the key ring: AES-256-GCM with a random nonce, under a key that HKDF derives from each secret on
 * first use.
 *
 * @example
 * const seal = createSeal(tools.keys())
 * const sealed = seal.seal({ purpose: 'word', subject, id }, Buffer.from('plover'))
 * seal.open({ purpose: 'word', subject, id }, sealed)?.toString() // 'plover'
 */
export function createSeal(ring: KeyRing): Seal {
  const derived = new Map<string, KeyObject>()
  const keyOf = (keyId: string): KeyObject | null => {
    const known = derived.get(keyId)
    if (known !== undefined) return known
    const secret = ring.key(keyId)
    if (secret === null) return null
    const key = sealKey(secret)
    derived.set(keyId, key)
    return key
  }
  const { issuingKeyId } = ring
  return {
    keyId: issuingKeyId,
    seal(binding, bytes) {
      const key = keyOf(issuingKeyId)
      // Unreachable with a ring from `createKeyRing`, which always has its issuing key.
      if (key === null) throw new TypeError('the key ring does not hold its own issuing key')
      return { keyId: issuingKeyId, box: encrypt(key, binding, bytes) }
    },
    open(binding, { keyId, box }) {
      const key = keyOf(keyId)
      return key === null ? null : decrypt(key, binding, box)
    },
  }
}

function sealKey(secret: KeyObject): KeyObject {
  const info = 'passport-second-factor seal v1'
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', info, keyBytes)))
}

function encrypt(key: KeyObject, binding: SealBinding, bytes: Uint8Array): string {
  const nonce = newBytes(nonceBytes)
  const encryption = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes })
  encryption.setAAD(boundTo(binding))
  const parts = [nonce, encryption.update(bytes), encryption.final(), encryption.getAuthTag()]
  return Buffer.concat(parts).toString('base64url')
}

function decrypt(key: KeyObject, binding: SealBinding, box: string): Buffer | null {
  const bytes = Buffer.from(box, 'base64url')
  // Node ignores invalid base64url characters, so different strings can decode to the same bytes. Accept only one.
  const isWhole = bytes.length >= nonceBytes + tagBytes && bytes.toString('base64url') === box
  if (!isWhole) return null
  const end = bytes.length - tagBytes
  const decryption = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  decryption.setAAD(boundTo(binding))
  decryption.setAuthTag(bytes.subarray(end))
  try {
    return Buffer.concat([decryption.update(bytes.subarray(nonceBytes, end)), decryption.final()])
  } catch {
    return null
  }
}

function boundTo({ purpose, subject, id }: SealBinding): Buffer {
  return lengthPrefixed([purpose, subject, id])
}
