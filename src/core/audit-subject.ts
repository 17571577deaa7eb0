/** The subject of an audit entry: the user's id, and a pseudonym where that holds a contact. */

import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

import { ConfigurationError } from './errors.js'
import type { KeyRing } from './keys.js'
import { maskedSubject } from './subject.js'

/** Names a subject in entries, the same way each time. */
export interface AuditSubjects {
  /** For an entry. Without a secret, subjects that are contacts are only masked. */
  written(subject: string): string
  /** For a search. @throws ConfigurationError where only a secret could tell subjects that are contacts apart. */
  searched(subject: string): string
}

/** Makes the names. The oldest secret makes pseudonyms, so that a new one put before it changes none. */
export function auditSubjects(keys: () => KeyRing): AuditSubjects {
  let made: KeyObject | undefined
  const pseudonym = (subject: string, masked: string) => {
    made ??= derivedKey(keys())
    const digest = createHmac('sha256', made).update(subject).digest()
    return `${masked}#${digest.toString('base64url', 0, 16)}`
  }
  return {
    written(subject) {
      const masked = maskedSubject(subject)
      if (masked === subject) return subject
      try {
        return pseudonym(subject, masked)
      } catch (error) {
        if (error instanceof ConfigurationError) return masked
        throw error
      }
    },
    searched(subject) {
      const masked = maskedSubject(subject)
      return masked === subject ? subject : pseudonym(subject, masked)
    },
  }
}

function derivedKey(ring: KeyRing): KeyObject {
  const oldest = ring.key(ring.keyIds.at(-1) ?? '')
  if (oldest === null) throw new ConfigurationError('secret: give a string', 'secret')
  const bytes = hkdfSync('sha256', oldest, '', 'passport-second-factor audit v1', 32)
  return createSecretKey(Buffer.from(bytes))
}
