/** Derives codes from the server's secrets. */

import { createHmac } from 'node:crypto'

import { lengthPrefixed, type KeyRing } from '../../../core/keys.js'
import type { Challenge } from './part.js'

/** What a code is bound to, beside its user. */
export type CodeBinding = Pick<Challenge, 'id' | 'code' | 'purpose' | 'destination'>

/**
 * The code of a challenge: HMAC-SHA-256 over what it is bound to, reduced to decimal digits as RFC 4226 reduces
 * its HMAC; `null` where the vendor owns the code, or its key is no longer in the ring.
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
  // The whole digest is reduced, so that no digit is favoured. Long division by 16 bits at a time is exact, since
  // 10 digits and 16 bits fit a number, and quicker than a bigint.
  for (let at = 0; at < digest.length; at += 2) {
    value = (value * 2 ** 16 + digest.readUInt16BE(at)) % modulus
  }
  return value.toString().padStart(codeLength, '0')
}
