/** The secret that an app shares with us: made, spelled, read and sealed. */

import { base32 } from '@scure/base'

import { ConfigurationError } from '../../../core/errors.js'
import { newBytes } from '../../../core/random.js'
import type { Seal, SealBinding } from '../../../core/seal.js'
import { kind, type TotpPart } from './part.js'

/** 160 bits, as RFC 4226 recommends: 32 characters of base32 without padding. */
const secretBytes = 20

/** RFC 4226 requires 128 bits, but other software has long made secrets of 80. */
const leastBytes = 10

/** The block of the hash: a longer key is hashed first, and no app makes one. */
const mostBytes = 64

/** A new secret. */
export function newSecret(): Buffer {
  return newBytes(secretBytes)
}

/** The secret in base32, without the padding that some apps refuse. */
export function spelledSecret(secret: Uint8Array): string {
  return base32.encode(secret).replaceAll('=', '')
}

/** The secret in groups of four, for typing it. */
export function groupedSecret(spelled: string): string {
  return spelled.match(/.{1,4}/g)?.join(' ') ?? ''
}

/**
 * Reads a secret of another system: base32 in either case, with or without spaces, dashes and padding.
 *
 * @throws ConfigurationError where it is no base32, or not 80 to 512 bits long. The message does not show it.
 */
export function readSecret(input: unknown): Buffer {
  const text = typeof input === 'string' ? input.replace(/[\s-]/g, '').replace(/=+$/, '') : ''
  const bytes = decoded(text.toUpperCase())
  if (bytes === null) {
    throw new ConfigurationError(
      'secret: give the shared secret in base32, which consists of the letters A to Z and the digits 2 to 7',
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

/** `null` for what is no base32: nothing, a wrong character, or a length that no bytes have. */
function decoded(text: string): Buffer | null {
  if (text === '') return null
  try {
    return Buffer.from(base32.decode(text.padEnd(Math.ceil(text.length / 8) * 8, '=')))
  } catch {
    return null
  }
}

/** The fields of a part that hold a sealed secret. */
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

/** The secret of a part; `null` where it cannot be opened. */
export function openSecret(seal: Seal, subject: string, part: TotpPart): Buffer | null {
  return seal.open(binding(subject, part.id), { keyId: part.sealedBy, box: part.sealed })
}

function binding(subject: string, id: string): SealBinding {
  return { purpose: `${kind} secret`, subject, id }
}
