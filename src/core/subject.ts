/** The key of a row: a user's id as a string, or a reserved key for a row without a user. */

import { ConfigurationError } from './errors.js'

/** Prefix of keys for rows that belong to no user. No user's id may start with it. */
export const reservedPrefix = 'tel:'

/**
 * Makes the key of a user's row.
 *
 * @throws ConfigurationError for an invalid id.
 */
export function toSubject(id: unknown): string {
  // Several users could share an unsafe number, such as NaN.
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
      `characters, leading or trailing white space, or the prefix '${reservedPrefix}'${isObject(id) ? objectIds : ''}`,
    'users.id',
  )
}

const objectIds = '; of an ObjectId of MongoDB, users: { id: (user) => String(user._id) }'

function isObject(id: unknown): boolean {
  return typeof id === 'object' && id !== null
}

const mark = '[\\s\\p{Pd}\\p{Cf}().]*'

/**
 * An international number within an id: 7 to 15 digits after a plus, or 10 to 15 after a leading `00`. An id that is
 * padded with zeros to ten digits does not match.
 */
const international = new RegExp(
  `(?:[+\\uFF0B]|(?<=^|[:/])00(?=[1-9](?:${mark}\\p{Nd}){9}))(?:${mark}\\p{Nd}){7,15}`,
  'gu',
)

/**
 * Masks a subject for events: a reserved key, or an international number in an id, keeps only its last two characters.
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

/** A target that is not a user of the application: a job, a device, an entry in a form. */
export interface ForSubject {
  readonly [subjectMark]: true
  readonly subject: string
  /** The address to send to, for factors that send something. */
  readonly contact: string | undefined
}

/** A user of the application, or a target made by `forSubject`. */
export type Target<User> = User | ForSubject

/** Makes a target from a validated subject. */
export function subjectTarget(subject: string, contact: string | undefined): ForSubject {
  return { [subjectMark]: true, subject, contact }
}

/**
 * Returns true if a target was made by `forSubject`, and is not a user.
 *
 * @example
 * const user = isForSubject(target) ? null : target
 */
export function isForSubject(target: unknown): target is ForSubject {
  return typeof target === 'object' && target !== null && subjectMark in target
}
