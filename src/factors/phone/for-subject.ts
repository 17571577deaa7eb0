/** Names a target that no user object stands for. */

import { ConfigurationError } from '../../core/errors.js'
import { reservedPrefix, subjectTarget, toSubject, type ForSubject } from '../../core/subject.js'

/**
 * Names a subject that no user object stands for. It shares its row, and so its limits, with the user of
 * the same id. The row of a phone without a login is `forSubject('tel:+237671234567')`.
 *
 * @param phone The phone that codes go to; only a start needs it.
 * @throws ConfigurationError for an id that cannot be a subject, and for a phone that is not E.164.
 * @example
 * await secondFactor.start(forSubject('order-17', '+237671234567'))
 */
export function forSubject(subject: string, phone?: string): ForSubject {
  const input: unknown = subject
  // An operator may name the row of a phone as well.
  if (typeof input !== 'string' || !input.startsWith(reservedPrefix)) {
    return subjectTarget(toSubject(input), phone)
  }
  if (!/^\+[1-9]\d{6,14}$/.test(input.slice(reservedPrefix.length))) {
    throw new ConfigurationError(
      `forSubject: write the row of a phone as '${reservedPrefix}' and E.164, such as 'tel:+237671234567'`,
    )
  }
  return subjectTarget(input, phone)
}

/** The key of the row of a phone, apart from the row of any user. */
export function subjectOf(phone: string): string {
  return reservedPrefix + phone
}
