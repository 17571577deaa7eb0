/** Targets that are named by a subject, without a user object. */

import { ConfigurationError } from '../../core/errors.js'
import { reservedPrefix, subjectTarget, toSubject, type ForSubject } from '../../core/subject.js'
import { isE164 } from './rules/e164.js'

/**
 * Names a subject without a user object. It shares its row, and so its limits, with the user of the same id. A
 * phone's own row, for verification without a login, is `forSubject('tel:+237671234567')`.
 *
 * @param phone The phone that codes go to; only a start needs it.
 * @throws ConfigurationError for an id that cannot be a subject, and for a phone that is not E.164.
 * @example
 * await secondFactor.start(forSubject('order-17', '+237671234567'))
 */
export function forSubject(subject: string, phone?: string): ForSubject {
  const input: unknown = subject
  // An operator may also name a phone's own row.
  if (typeof input !== 'string' || !input.startsWith(reservedPrefix)) {
    return subjectTarget(toSubject(input), phone)
  }
  if (!isE164(input.slice(reservedPrefix.length))) {
    throw new ConfigurationError(
      `forSubject: '${reservedPrefix}' must be followed by a phone in E.164; write 'tel:+237671234567'`,
    )
  }
  return subjectTarget(input, phone)
}

/** The key of a phone's own row, which is separate from any user's row. */
export function subjectOf(phone: string): string {
  return reservedPrefix + phone
}
