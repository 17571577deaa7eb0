/** Asks the application about its users. Each callback has a timeout, and its faults fail closed. */

import { ConfigurationError, DirectoryUnavailableError } from '../core/errors.js'
import { canonicalLocale } from '../core/locale.js'
import { isForSubject, toSubject, type Target } from '../core/subject.js'
import type { UserDirectory } from '../ports/user-directory.js'
import { withDeadline } from './deadline.js'

/** Timeout of a callback of the application. */
const directoryTimeoutSeconds = 5

/** The user directory as the flows use it. */
export interface Users<User> {
  /** The key of the user's row. @throws ConfigurationError for an id that cannot be one. */
  subject(target: Target<User>): string
  /** BCP 47 tag of the user's language; `null` where the application names none. */
  locale(target: Target<User>): Promise<string | null>
  /** @throws ConfigurationError where the application returns a value that may mean either. */
  isRequired(user: User, req?: unknown): Promise<boolean>
  /** What changes with the password; `null` where the application says nothing. */
  credentialVersion(user: User): Promise<string | null>
  /** Whether the application remembers factors; `false` where it remembers nothing. */
  hasFactors(user: User): Promise<boolean>
  /** Has the application remember whether there are factors. */
  setHasFactors(user: User, has: boolean): Promise<void>
  /** The account's name as the person knows it; the id where the application names none. */
  label(user: User): Promise<string>
  /** The same for pages: `null` where the application names none, or cannot do so now. */
  account(user: User): Promise<string | null>
}

/** Makes the directory out of the application's callbacks. */
export function createUsers<User>(directory: UserDirectory<User>): Users<User> {
  return {
    subject: (target) => (isForSubject(target) ? target.subject : toSubject(directory.id(target))),
    async locale(target) {
      if (directory.locale === undefined || isForSubject(target)) return null
      // A message in another language is better than none.
      const locale = await ask('locale', () => directory.locale?.(target)).catch(() => null)
      return canonicalLocale(locale)
    },
    async isRequired(user, req) {
      if (directory.isRequired === undefined) return true
      const answer: unknown = await ask('isRequired', () =>
        directory.isRequired?.(user, req as never),
      )
      if (typeof answer === 'boolean') return answer
      // A forgotten return must not open the gate.
      if (answer === undefined || answer === null) return true
      throw new ConfigurationError(
        `users.isRequired returned ${typeOf(answer)}, as databases keep booleans, and must return true or false; ` +
          'write isRequired: (user) => Boolean(user.usesSecondFactor) where 0 is false',
        'users.isRequired',
      )
    },
    async credentialVersion(user) {
      const version: unknown = await ask('credentialVersion', () =>
        directory.credentialVersion?.(user),
      )
      if (version === undefined || version === null) return null
      if (version instanceof Date && !Number.isNaN(version.getTime())) return version.toISOString()
      if (typeof version === 'string') return version
      if (typeof version === 'number' || typeof version === 'bigint') return String(version)
      throw new ConfigurationError(
        'users.credentialVersion must return a string, a number, a valid Date or null',
        'users.credentialVersion',
      )
    },
    async hasFactors(user) {
      if (directory.hasFactors === undefined) return false
      // Databases keep booleans as numbers; anything but a clear no keeps the account closed.
      const answer: unknown = await ask('hasFactors', () => directory.hasFactors?.(user))
      return answer !== false && answer !== 0 && answer !== null && answer !== undefined
    },
    async setHasFactors(user, has) {
      await ask('setHasFactors', () => directory.setHasFactors?.(user, has))
    },
    async label(user) {
      const label: unknown = await ask('label', () => directory.label?.(user))
      return typeof label === 'string' && label !== '' ? label : String(directory.id(user))
    },
    async account(user) {
      // A page without the name is better than none.
      const label: unknown = await ask('label', () => directory.label?.(user)).catch(() => null)
      return typeof label === 'string' && label.trim() !== '' ? label.trim() : null
    },
  }
}

/**
 * Calls back into the application.
 *
 * @throws DirectoryUnavailableError where the callback throws, rejects or is late.
 */
export async function ask<T>(name: string, callback: () => T | Promise<T>): Promise<T> {
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

function typeOf(answer: unknown): string {
  const isNumeric = typeof answer === 'number' || typeof answer === 'bigint'
  return isNumeric ? `the number ${answer}` : `a value of the type ${typeof answer}`
}
