/** Whom a plain call is about: a user of the application, or a subject of its own with a number. */

import { ConfigurationError } from '../core/errors.js'
import type { ParsePhone } from '../core/phone.js'
import { isRefusal, refuse, type Refusal } from '../core/refusal.js'
import { phoneSubjectPrefix, toSubject, type Users } from './users.js'

const subjectMark = Symbol('passport-second-factor subject')

/** Somebody who is no user of the application: a job, a device, a number on a form. */
export interface ForSubject {
  readonly [subjectMark]: true
  readonly subject: string
  readonly phone: string | undefined
}

/** A user of the application, or what `forSubject` made. */
export type Target<User> = User | ForSubject

/**
 * Names a subject that no user object stands for. It shares its row, and so its limits, with the user of
 * the same id. The row of a number without a login is `forSubject('tel:+237671234567')`.
 *
 * @param phone The number that codes go to; only a start needs it.
 * @throws ConfigurationError for an id that cannot be a subject, and for a number that is not E.164.
 */
export function forSubject(subject: string, phone?: string): ForSubject {
  const given: unknown = subject
  // An operator may name the row of a number as well: `tel:` and the number.
  if (typeof given !== 'string' || !given.startsWith(phoneSubjectPrefix)) {
    return { [subjectMark]: true, subject: toSubject(given), phone }
  }
  if (!/^\+[1-9]\d{6,14}$/.test(given.slice(phoneSubjectPrefix.length))) {
    throw new ConfigurationError(
      `forSubject: write the row of a number as '${phoneSubjectPrefix}' and E.164, such as 'tel:+237671234567'`,
    )
  }
  return { [subjectMark]: true, subject: given, phone }
}

/** Answers for users and for subjects alike. */
export interface Targets<User> {
  subject(target: Target<User>): string
  number(target: Target<User>): Promise<string | Refusal>
  locale(target: Target<User>): Promise<string | null>
}

export function targetsOf<User>(users: Users<User>, parsePhone: ParsePhone): Targets<User> {
  return {
    subject: (target) => (isForSubject(target) ? target.subject : users.subject(target)),
    async number(target) {
      if (!isForSubject(target)) {
        const destination = await users.destination(target)
        return isRefusal(destination) ? destination : destination.number
      }
      const phone: unknown = target.phone
      if (phone === undefined || phone === null || phone === '')
        return refuse('destination_missing')
      const parsed = typeof phone === 'string' ? parsePhone(phone) : refuse('destination_invalid')
      return isRefusal(parsed) ? parsed : parsed.number
    },
    async locale(target) {
      return isForSubject(target) ? null : users.locale(target)
    },
  }
}

function isForSubject(target: unknown): target is ForSubject {
  return typeof target === 'object' && target !== null && subjectMark in target
}
