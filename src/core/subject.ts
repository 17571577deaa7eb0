/** The key of a row: a user's id as a string, or a reserved one for rows that belong to no user. */

import { ConfigurationError } from './errors.js'

/** Begins the keys of rows that belong to no user of the application. No user's id may begin so. */
export const reservedPrefix = 'tel:'

/**
 * The key of a user's row.
 *
 * @throws ConfigurationError for an id that cannot be one.
 */
export function toSubject(id: unknown): string {
  // A number that is no safe integer, such as NaN, is the same for many users.
  const usable = typeof id === 'string' || typeof id === 'bigint' || Number.isSafeInteger(id)
  const subject = usable ? String(id) : ''
  if (
    /^\S(?:.{0,198}\S)?$/su.test(subject) &&
    !/[\p{Cc}\p{Cs}]/u.test(subject) &&
    !subject.startsWith(reservedPrefix)
  ) {
    return subject
  }
  throw new ConfigurationError(
    'users.id must return a string, whole number or bigint of 1 to 200 characters, without control ' +
      `characters, white space at its ends, or a leading '${reservedPrefix}'`,
    'users.id',
  )
}

/** A subject as events show it: of a reserved one, only the last two characters. */
export function maskedSubject(subject: string): string {
  return subject.startsWith(reservedPrefix) ? `${reservedPrefix}••••${subject.slice(-2)}` : subject
}

const subjectMark = Symbol('passport-second-factor subject')

/** A target that is no user of the application: a job, a device, an entry in a form. */
export interface ForSubject {
  readonly [subjectMark]: true
  readonly subject: string
  /** Where a factor reaches it, where it needs to. */
  readonly contact: string | undefined
}

/** A user of the application, or a target made by `forSubject`. */
export type Target<User> = User | ForSubject

/** Makes a target out of a checked subject. */
export function subjectTarget(subject: string, contact: string | undefined): ForSubject {
  return { [subjectMark]: true, subject, contact }
}

/** Whether a target is no user of the application. */
export function isForSubject(target: unknown): target is ForSubject {
  return typeof target === 'object' && target !== null && subjectMark in target
}
