/** What a browser says about a ceremony: where it was, and for which challenge. */

import { isObject } from '../../core/shape.js'
import type { Instant } from '../../core/state.js'
import type { PasskeysContext } from './context.js'
import { openChallenge, type ChallengeBinding } from './rules/challenge.js'
import type { SpentCeremony } from './rules/part.js'

/** Longer origins are cut before an event carries them: a client wrote them. */
const longestOrigin = 200

/** A ceremony of ours. */
export interface Ceremony extends SpentCeremony {
  readonly challenge: string
}

/**
 * The ceremony that a browser's client data is of, or `null` where it was another: for another challenge, or on another
 * origin, which an event tells.
 */
export function ceremonyOf(
  { keys, origins, emit }: PasskeysContext,
  clientDataJSON: string,
  type: 'webauthn.get' | 'webauthn.create',
  binding: ChallengeBinding,
  now: Instant,
): Ceremony | null {
  const data = readClientData(clientDataJSON)
  if (data?.['type'] !== type) return null
  const { challenge, origin, crossOrigin, topOrigin } = data
  if (typeof challenge !== 'string' || typeof origin !== 'string') return null
  const opened = openChallenge(keys(), binding, challenge, now)
  if (opened === null) return null
  const isCrossOrigin = (crossOrigin ?? false) !== false || (topOrigin ?? null) !== null
  if (origins.includes(origin) && !isCrossOrigin) return { ...opened, challenge }
  emit({
    type: 'passkey_origin_mismatch',
    subject: binding.subject,
    origin: origin.slice(0, longestOrigin),
    isCrossOrigin,
  })
  return null
}

function readClientData(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return isObject(value) ? value : null
  } catch {
    return null
  }
}
