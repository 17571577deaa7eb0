/** Codes of authenticator apps: HOTP (RFC 4226) over time steps (RFC 6238), as every app computes them. */

import { createHmac, timingSafeEqual } from 'node:crypto'

import type { Instant } from '../../../core/state.js'

/** Digits of a code. Many apps ignore any other number. */
export const codeLength = 6

/** Seconds that a code is shown for. Many apps ignore any other number. */
const stepSeconds = 30

/** The number of the time step at an instant: the counter that its code is made of. */
export function stepAt(now: Instant): number {
  return Math.floor(now / (stepSeconds * 1000))
}

/** The code of a counter: HMAC-SHA-1, truncated as RFC 4226 section 5.3 says. */
export function codeAt(secret: Uint8Array, counter: number): string {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(counter))
  const digest = createHmac('sha1', secret).update(bytes).digest()
  const offset = (digest.at(-1) ?? 0) & 0xf
  const number = digest.readUInt32BE(offset) & 0x7fffffff
  return String(number % 10 ** codeLength).padStart(codeLength, '0')
}

/**
 * The step that a code belongs to, at most `driftSteps` from now, or `null`. A code that two steps share belongs to
 * the later one, so that it is used up for both. Takes equally long whichever step it is, and if it is none.
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
