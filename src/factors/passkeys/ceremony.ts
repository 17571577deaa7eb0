/** Checks the client data of a ceremony: its type, origin and challenge. */

import { isObject } from '../../core/shape.js'
import type { Instant } from '../../core/state.js'
import type { PasskeysContext } from './context.js'
import { openChallenge, type ChallengeBinding } from './rules/challenge.js'
import type { SpentCeremony } from './rules/part.js'

/** Maximum length of an origin in an event. Clients control it, so longer ones are cut. */
const longestOrigin = 200

/** A ceremony with a valid challenge. */
export interface Ceremony extends SpentCeremony {
  readonly challenge: string
}

/**
 * Returns the ceremony of a browser's client data, or `null` if its type, challenge or origin is wrong. A wrong origin
 * also emits an event.
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
