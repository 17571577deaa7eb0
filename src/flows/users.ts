/** Asks the application about its users; every callback is bounded, and its faults fail closed. */

import { ConfigurationError, DirectoryUnavailableError } from '../core/errors.js'
import { canonicalLocale } from '../core/locale.js'
import type { ParsePhone } from '../core/phone.js'
import { refuse, type Refusal } from '../core/refusal.js'
import type { Channel } from '../core/state.js'
import type { UserDirectory, UserPhone } from '../ports/user-directory.js'
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
  /** Whether the user has a number that is taken as confirmed, even one that no message can go to. */
  hasConfirmedPhone(user: User): Promise<boolean>
  /** The channels of these that the user may choose. */
  channels(user: User, configured: readonly Channel[]): Promise<readonly Channel[]>
  /** BCP 47 tag of the user's language; `null` where the application names none. */
  locale(user: User): Promise<string | null>
  isRequired(user: User): Promise<boolean>
  /** Whether the application keeps numbers that were confirmed here. */
  readonly keepsPhones: boolean
  /** Has the application keep a confirmed number, if it keeps any. */
  setVerifiedPhone(user: User, number: string): Promise<void>
  /** Whether the application finds users by their numbers, and keeps numbers. */
  readonly findsPhones: boolean
  /** The key of the state of the user who has this number; `null` where nobody has, or none can be found so. */
  subjectOfPhone(number: string): Promise<string | null>
  /** Has the application keep a number as confirmed for the user who has it; `false` where nobody has. */
  confirmPhone(number: string): Promise<boolean>
}

export function createUsers<User>(
  directory: UserDirectory<User>,
  parsePhone: ParsePhone,
): Users<User> {
  const { setVerifiedPhone, isRequired, channels } = directory
  const userOfPhone = async (number: string) =>
    (await ask('findByPhone', () => directory.findByPhone?.(number))) ?? null
  const phoneOf = async (user: User): Promise<UserPhone | null> => {
    const phone: unknown = await ask('phone', () => directory.phone(user))
    const { number, confirmed = true } = toUserPhone(phone)
    return number === '' ? null : { number, confirmed }
  }
  return {
    subject: (user) => toSubject(directory.id(user)),
    async destination(user) {
      const phone = await phoneOf(user)
      if (phone === null) return refuse('destination_missing')
      const parsed = parsePhone(phone.number)
      if (parsed.status === 'refused') return parsed
      return { status: 'found', number: parsed.number, confirmed: phone.confirmed }
    },
    async hasConfirmedPhone(user) {
      return (await phoneOf(user))?.confirmed ?? false
    },
    async channels(user, configured) {
      if (channels === undefined) return configured
      const chosen: unknown = await ask('channels', () => channels(user))
      return configured.filter((channel) => Array.isArray(chosen) && chosen.includes(channel))
    },
    async locale(user) {
      if (directory.locale === undefined) return null
      // A message in another language is better than none.
      const locale = await ask('locale', () => directory.locale?.(user)).catch(() => null)
      return canonicalLocale(locale)
    },
    async isRequired(user) {
      // Anything but a strict false keeps the factor required: a forgotten return must not open the gate.
      if (isRequired === undefined) return true
      const answer: unknown = await ask('isRequired', () => isRequired(user))
      return answer !== false
    },
    keepsPhones: setVerifiedPhone !== undefined,
    async setVerifiedPhone(user, number) {
      await ask('setVerifiedPhone', () => setVerifiedPhone?.(user, number))
    },
    findsPhones: directory.findByPhone !== undefined && setVerifiedPhone !== undefined,
    async subjectOfPhone(number) {
      const user = await userOfPhone(number)
      return user === null ? null : toSubject(directory.id(user))
    },
    async confirmPhone(number) {
      const user = await userOfPhone(number)
      if (user === null) return false
      await ask('setVerifiedPhone', () => setVerifiedPhone?.(user, number))
      return true
    },
  }
}

/** Only a strict `false` leaves a number unconfirmed: else a password alone could put another in its place. */
function toUserPhone(phone: unknown): { number: string; confirmed?: false } {
  if (phone === null || phone === undefined) return { number: '' }
  if (typeof phone === 'string') return { number: phone }
  if (typeof phone === 'object' && 'number' in phone && typeof phone.number === 'string') {
    const unconfirmed = 'confirmed' in phone && phone.confirmed === false
    return { number: phone.number, ...(unconfirmed ? { confirmed: false } : {}) }
  }
  throw new DirectoryUnavailableError(
    'users.phone must answer a string, { number, confirmed } with a string in it, or null',
  )
}

/** The key under which a user's state is kept. */
export function toSubject(id: unknown): string {
  // A number that is no safe integer, such as NaN, is the same for many users.
  const usable = typeof id === 'string' || typeof id === 'bigint' || Number.isSafeInteger(id)
  const subject = usable ? String(id) : ''
  if (
    /^\S(?:.{0,198}\S)?$/su.test(subject) &&
    !/[\p{Cc}\p{Cs}]/u.test(subject) &&
    !subject.startsWith(phoneSubjectPrefix)
  ) {
    return subject
  }
  throw new ConfigurationError(
    'users.id must return a string, whole number or bigint of 1 to 200 characters, without control ' +
      `characters, white space at its ends, or a leading '${phoneSubjectPrefix}'`,
  )
}

async function ask<T>(name: string, callback: () => T | Promise<T>): Promise<T> {
  const late = () => new Error(`no answer within ${directoryTimeoutSeconds} s`)
  try {
    const answer = callback()
    return isPromise(answer) ? await withDeadline(answer, directoryTimeoutSeconds, late) : answer
  } catch (error) {
    throw new DirectoryUnavailableError(`users.${name} failed`, { cause: error })
  }
}

function isPromise<T>(answer: T | Promise<T>): answer is Promise<T> {
  return typeof answer === 'object' && answer !== null && 'then' in answer
}
