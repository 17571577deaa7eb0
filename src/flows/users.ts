/** Asks the application about its users; every callback is bounded, and its faults fail closed. */

import { ConfigurationError, DirectoryUnavailableError } from '../core/errors.js'
import type { ParsePhone } from '../core/phone.js'
import { refuse, type Refusal } from '../core/refusal.js'
import type { UserDirectory } from '../ports/user-directory.js'
import { withDeadline } from './deadline.js'

/** Longest wait for a callback of the application. */
const directoryTimeoutSeconds = 5

/** Subjects of the endpoints without a login begin so; no user's id may. */
export const phoneSubjectPrefix = 'tel:'

/** A number of a user that messages can go to. */
export interface Destination {
  readonly status: 'found'
  /** E.164. */
  readonly number: string
  readonly confirmed: boolean
}

/** The user directory as the flows use it. */
export interface Users<User> {
  /** The key of the user's state. @throws ConfigurationError for an id that cannot be one. */
  subject(user: User): string
  destination(user: User): Promise<Destination | Refusal>
  isRequired(user: User): Promise<boolean>
  /** Whether the application keeps numbers that were confirmed here. */
  readonly keepsPhones: boolean
  /** Has the application keep a confirmed number, if it keeps any. */
  setVerifiedPhone(user: User, number: string): Promise<void>
}

export function createUsers<User>(
  directory: UserDirectory<User>,
  parsePhone: ParsePhone,
): Users<User> {
  const { setVerifiedPhone, isRequired } = directory
  return {
    subject: (user) => toSubject(directory.id(user)),
    async destination(user) {
      const phone = await ask('phone', () => directory.phone(user))
      if (phone === null || phone === undefined || phone === '')
        return refuse('destination_missing')
      const { number, confirmed } =
        typeof phone === 'string' ? { number: phone, confirmed: true } : phone
      const parsed = parsePhone(number)
      if (parsed.status === 'refused') return parsed
      return { status: 'found', number: parsed.number, confirmed }
    },
    async isRequired(user) {
      // Anything but a strict false keeps the factor required: a forgotten return must not open the gate.
      return isRequired === undefined || (await ask('isRequired', () => isRequired(user))) !== false
    },
    keepsPhones: setVerifiedPhone !== undefined,
    async setVerifiedPhone(user, number) {
      await ask('setVerifiedPhone', () => setVerifiedPhone?.(user, number))
    },
  }
}

/** The key under which a user's state is kept. */
export function toSubject(id: unknown): string {
  const usable = typeof id === 'string' || typeof id === 'number' || typeof id === 'bigint'
  const subject = usable ? String(id) : ''
  if (
    /^\S(?:[^\p{Cc}\p{Cs}]{0,198}\S)?$/u.test(subject) &&
    !subject.startsWith(phoneSubjectPrefix)
  ) {
    return subject
  }
  throw new ConfigurationError(
    'users.id must return a string, number or bigint of 1 to 200 characters, without control ' +
      `characters, white space at its ends, or a leading '${phoneSubjectPrefix}'`,
  )
}

async function ask<T>(name: string, callback: () => T | Promise<T>): Promise<T> {
  const late = () => new Error(`no answer within ${directoryTimeoutSeconds} s`)
  try {
    return await withDeadline(Promise.resolve().then(callback), directoryTimeoutSeconds, late)
  } catch (error) {
    throw new DirectoryUnavailableError(`users.${name} failed`, { cause: error })
  }
}
