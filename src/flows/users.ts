/** Calls the application's callbacks about users. Each has a timeout, and errors fail closed. */

import { ConfigurationError, DirectoryUnavailableError } from '../core/errors.js'
import { canonicalLocale } from '../core/locale.js'
import { isForSubject, toSubject, type Target } from '../core/subject.js'
import type { UserDirectory } from '../ports/user-directory.js'
import { withDeadline } from './deadline.js'

/** Timeout of a callback. */
const directoryTimeoutSeconds = 5

/** The user directory as the flows use it. */
export interface Users<User> {
  /** Returns the key of the user's row. @throws ConfigurationError for an invalid id. */
  subject(target: Target<User>): string
  /** Returns the BCP 47 tag of the user's language; `null` if unknown, or the callback fails. */
  locale(target: Target<User>): Promise<string | null>
  /** Resolves to true unless waived. @throws ConfigurationError if the callback returns an ambiguous value. */
  isRequired(user: User, req?: unknown): Promise<boolean>
  /** Returns the user's credential version; `null` if the application does not provide it. */
  credentialVersion(user: User): Promise<string | null>
  /** Resolves to true if the application recorded that the user has factors; false without the callback. */
  hasFactors(user: User): Promise<boolean>
  /** Records with the application if the user has factors. */
  setHasFactors(user: User, has: boolean): Promise<void>
  /** Returns the account name that the user knows, or else the id. */
  label(user: User): Promise<string>
  /** Returns the account name for pages; `null` if there is none, or the callback fails. */
  account(user: User): Promise<string | null>
}

/** Makes the directory from the application's callbacks. */
export function createUsers<User>(directory: UserDirectory<User>): Users<User> {
  return {
    subject: (target) => (isForSubject(target) ? target.subject : toSubject(directory.id(target))),
    async locale(target) {
      if (directory.locale === undefined || isForSubject(target)) return null
      // A message in the wrong language is better than none.
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
        `users.isRequired returned ${typeOf(answer)} but must return true or false; if your database stores booleans as ` +
          'numbers, write isRequired: (user) => Boolean(user.usesSecondFactor)',
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
      // Databases may store booleans as numbers. Any other value keeps the account closed.
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
 * Calls a callback of the application.
 *
 * @throws DirectoryUnavailableError if the callback throws, rejects or times out.
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
