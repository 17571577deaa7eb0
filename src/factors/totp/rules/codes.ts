/** Codes of authenticator apps: HOTP (RFC 4226) with a time step as the counter (RFC 6238). */

import { createHmac, timingSafeEqual } from 'node:crypto'

import type { Instant } from '../../../core/state.js'

/** Digits in a code. Many apps ignore any other value. */
export const codeLength = 6

/** Seconds per code. Many apps ignore any other value. */
const stepSeconds = 30

/** The time step at an instant, which is the counter of its code. */
export function stepAt(now: Instant): number {
  return Math.floor(now / (stepSeconds * 1000))
}

/** The code of a counter: HMAC-SHA-1, truncated by RFC 4226 section 5.3. */
export function codeAt(secret: Uint8Array, counter: number): string {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(counter))
  const digest = createHmac('sha1', secret).update(bytes).digest()
  const offset = (digest.at(-1) ?? 0) & 0xf
  const number = digest.readUInt32BE(offset) & 0x7fffffff
  return String(number % 10 ** codeLength).padStart(codeLength, '0')
}

/**
 * Finds the step of a code, at most `driftSteps` from now, or `null`. If two steps share a code, returns the later one,
 * which uses up both. Takes constant time.
 */
export function stepOf(
  secret: Uint8Array,
  code: string,
  now: Instant,
  driftSteps: number,
): number | null {
  const input = Buffer.alloc(codeLength)
  const isWhole = input.write(code) === codeLength && code.length === codeLength
  const first = Math.max(0, stepAt(now) - driftSteps)
  let found: number | null = null
  for (let step = first; step <= stepAt(now) + driftSteps; step += 1) {
    const isSame = timingSafeEqual(Buffer.from(codeAt(secret, step)), input)
    if (isSame && isWhole) found = step
  }
  return found
}
