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
      `characters, white space at its ends, or a leading '${reservedPrefix}'${isObject(id) ? objectIds : ''}`,
    'users.id',
  )
}

const objectIds = '; of an ObjectId of MongoDB, users: { id: (user) => String(user._id) }'

function isObject(id: unknown): boolean {
  return typeof id === 'object' && id !== null
}

const mark = '[\\s\\p{Pd}\\p{Cf}().]*'

/**
 * An international number within an id: 7 to 15 digits behind a plus, or at least ten behind the `00` that stands
 * for one. Numbers that are padded with zeros to ten digits are none.
 */
const international = new RegExp(
  `(?:[+\\uFF0B]|(?<=^|[:/])00(?=[1-9](?:${mark}\\p{Nd}){9}))(?:${mark}\\p{Nd}){7,15}`,
  'gu',
)

/**
 * A subject as events show it: of a reserved one, and of an international number in an id, only the last two
 * characters.
 *
 * @example
 * maskedSubject('+237671234567') // '••••67'
 */
export function maskedSubject(subject: string): string {
  if (subject.startsWith(reservedPrefix)) return `${reservedPrefix}${masked(subject)}`
  return subject.replace(international, masked)
}

function masked(text: string): string {
  return `••••${Array.from(text).slice(-2).join('')}`
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

/**
 * Whether a target is no user of the application.
 *
 * @example
 * const user = isForSubject(target) ? null : target
 */
export function isForSubject(target: unknown): target is ForSubject {
  return typeof target === 'object' && target !== null && subjectMark in target
}
