/** The subject of an audit entry: the user's id, or a pseudonym if the id is a contact. */

import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

import { ConfigurationError } from './errors.js'
import type { KeyRing } from './keys.js'
import { maskedSubject } from './subject.js'

/** Makes the subjects of entries. The same user always gets the same subject. */
export interface AuditSubjects {
  /** Returns the subject for an entry. Without a secret, a subject that needs a pseudonym is only masked. */
  written(subject: string): string
  /** Returns the subject to search for. @throws ConfigurationError if it needs a pseudonym and there is no secret. */
  searched(subject: string): string
}

/**
 * Makes the names. Pseudonyms are derived from the oldest secret, so adding a new one in front does not change them.
 */
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
