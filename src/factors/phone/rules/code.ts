/** Derives codes from the server's secrets. */

import { createHmac } from 'node:crypto'

import { lengthPrefixed, type KeyRing } from '../../../core/keys.js'
import type { Challenge } from './part.js'

/** The facts that a code is bound to, besides its user. */
export type CodeBinding = Pick<Challenge, 'id' | 'code' | 'purpose' | 'destination'>

/**
 * The code of a challenge: an HMAC-SHA-256 of the facts it is bound to, reduced to digits modulo a power of ten, as
 * in RFC 4226. `null` if the vendor owns the code, or its key is no longer in the ring.
 */
export function deriveCode(
  keys: KeyRing | null,
  subject: string,
  challenge: CodeBinding,
  codeLength: number,
): string | null {
  const key = challenge.code.owner === 'local' ? keys?.key(challenge.code.keyId) : null
  if (key === undefined || key === null) return null
  const bound = lengthPrefixed([
    'passport-second-factor code v1',
    subject,
    challenge.purpose,
    challenge.id,
    challenge.destination,
  ])
  const digest = createHmac('sha256', key).update(bound).digest()
  const modulus = 10 ** codeLength
  let value = 0
  // The whole digest is reduced, so that no digit is favoured. Long division by 16 bits at a time is exact, because
  // 10 digits and 16 bits fit in a number, and it is faster than a bigint.
  for (let at = 0; at < digest.length; at += 2) {
    value = (value * 2 ** 16 + digest.readUInt16BE(at)) % modulus
  }
  return value.toString().padStart(codeLength, '0')
}
