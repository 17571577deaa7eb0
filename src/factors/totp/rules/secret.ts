/** The secret shared with an app: generated, formatted, parsed and sealed. */

import { base32 } from '@scure/base'

import { ConfigurationError } from '../../../core/errors.js'
import { newBytes } from '../../../core/random.js'
import type { Seal, SealBinding } from '../../../core/seal.js'
import { kind, type TotpPart } from './part.js'

/** 160 bits, as RFC 4226 recommends: 32 characters of base32 without padding. */
const secretBytes = 20

/** RFC 4226 requires 128 bits, but much software has generated secrets of 80. */
const leastBytes = 10

/** The block size of the hash. HMAC would hash a longer key first; no software generates one. */
const mostBytes = 64

/** A new secret. */
export function newSecret(): Buffer {
  return newBytes(secretBytes)
}

/** Encodes a secret in base32, without padding, which some apps reject. */
export function spelledSecret(secret: Uint8Array): string {
  return base32.encode(secret).replaceAll('=', '')
}

/** Splits an encoded secret into groups of four, for typing. */
export function groupedSecret(spelled: string): string {
  return spelled.match(/.{1,4}/g)?.join(' ') ?? ''
}

/**
 * Decodes a secret: base32 in either case, with or without spaces, dashes and padding.
 *
 * @throws ConfigurationError if it is not base32, or not 80 to 512 bits long. The message does not contain it.
 */
export function readSecret(input: unknown): Buffer {
  const text = typeof input === 'string' ? input.replace(/[\s-]/g, '').replace(/=+$/, '') : ''
  const bytes = decoded(text.toUpperCase())
  if (bytes === null) {
    throw new ConfigurationError(
      'secret must be in base32, which consists of the letters A to Z and the digits 2 to 7',
      'secret',
    )
  }
  if (bytes.length < leastBytes || bytes.length > mostBytes) {
    throw new ConfigurationError(
      `secret has ${bytes.length * 8} bits, but only secrets of ${leastBytes * 8} to ${mostBytes * 8} ` +
        'bits can be imported; let the user set up a new one',
      'secret',
    )
  }
  return bytes
}

/** Decodes base32; `null` for an empty string, an invalid character or an impossible length. */
function decoded(text: string): Buffer | null {
  if (text === '') return null
  try {
    return Buffer.from(base32.decode(text.padEnd(Math.ceil(text.length / 8) * 8, '=')))
  } catch {
    return null
  }
}

/** The fields of a sealed secret. */
export type SealedSecret = Pick<TotpPart, 'sealedBy' | 'sealed'>

/** Seals a secret for the row. */
export function sealSecret(
  seal: Seal,
  subject: string,
  id: string,
  secret: Uint8Array,
): SealedSecret {
  const { keyId, box } = seal.seal(binding(subject, id), secret)
  return { sealedBy: keyId, sealed: box }
}

/** Opens the secret of a part; `null` if it cannot be opened. */
export function openSecret(seal: Seal, subject: string, part: TotpPart): Buffer | null {
  return seal.open(binding(subject, part.id), { keyId: part.sealedBy, box: part.sealed })
}

function binding(subject: string, id: string): SealBinding {
  return { purpose: `${kind} secret`, subject, id }
}
