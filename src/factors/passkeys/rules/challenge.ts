/** Stateless challenges: random bytes and a time, with a MAC over them and their context. */

import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto'

import { lengthPrefixed, type KeyRing } from '../../../core/keys.js'
import { newBytes } from '../../../core/random.js'
import { after, hasHappened, type Instant, type Purpose } from '../../../core/state.js'
import type { SpentCeremony } from './part.js'

/** Lifetime of a challenge. */
export const challengeSeconds = 300

/** The context of a challenge. It is valid in no other. */
export interface ChallengeBinding {
  readonly purpose: Purpose
  /** The user's id. */
  readonly subject: string
  readonly sessionKey: string
}

const nonceBytes = 16
const timeBytes = 6
const headBytes = nonceBytes + timeBytes
const macBytes = 32

/** Makes a challenge, in base64url. */
export function newChallenge(ring: KeyRing, binding: ChallengeBinding, now: Instant): string {
  const key = ring.key(ring.issuingKeyId)
  // Unreachable with a ring from `createKeyRing`, which always has its issuing key.
  if (key === null) throw new TypeError('the key ring does not hold its own issuing key')
  const head = Buffer.concat([newBytes(nonceBytes), Buffer.alloc(timeBytes)])
  head.writeUIntBE(Math.floor(now), nonceBytes, timeBytes)
  return Buffer.concat([head, macOf(key, binding, head)]).toString('base64url')
}

/** Verifies a challenge and returns its ceremony; `null` if it is forged, for another context, or expired. */
export function openChallenge(
  ring: KeyRing,
  binding: ChallengeBinding,
  challenge: string,
  now: Instant,
): SpentCeremony | null {
  const bytes = Buffer.from(challenge, 'base64url')
  // Node ignores invalid base64url characters, so different strings can decode to the same bytes. Accept only one.
  const isWhole = bytes.length === headBytes + macBytes && bytes.toString('base64url') === challenge
  if (!isWhole) return null
  const head = bytes.subarray(0, headBytes)
  const mac = bytes.subarray(headBytes)
  const isOurs = ring.keyIds.some((id) => {
    const key = ring.key(id)
    return key !== null && timingSafeEqual(macOf(key, binding, head), mac)
  })
  if (!isOurs) return null
  const issuedAt = head.readUIntBE(nonceBytes, timeBytes)
  const until = after(issuedAt, challengeSeconds)
  const isRunning = now < until && hasHappened(issuedAt, now)
  return isRunning ? { id: head.toString('base64url', 0, nonceBytes), until } : null
}

function macOf(key: KeyObject, binding: ChallengeBinding, head: Buffer): Buffer {
  const { purpose, subject, sessionKey } = binding
  const bound = ['passport-second-factor passkey challenge v1', purpose, subject, sessionKey]
  return createHmac('sha256', key)
    .update(lengthPrefixed([...bound, head.toString('base64url')]))
    .digest()
}
