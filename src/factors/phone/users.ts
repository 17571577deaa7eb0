/** Asks the application about its users' phones. */

import { DirectoryUnavailableError } from '../../core/errors.js'
import { refusal, type Refusal } from '../../core/refusal.js'
import { isForSubject, toSubject, type Target } from '../../core/subject.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import type { UserDirectory } from '../../ports/user-directory.js'
import type { ParsePhone } from './phone-number.js'
import type { PhoneDirectory, UserPhone } from './ports/phone-directory.js'
import type { Channel } from './rules/part.js'

/** A user's phone that messages can go to. */
export interface Destination {
  readonly status: 'found'
  /** E.164. */
  readonly number: string
  readonly verified: boolean
}

/** The phones of users as the factor uses them. */
export interface PhoneUsers<User> {
  destination(target: Target<User>): Promise<Destination | Refusal>
  /** Whether the user has a verified phone, even one that no message can go to. */
  hasVerifiedPhone(user: User): Promise<boolean>
  /** Those of the configured channels that the user may choose. */
  channels(target: Target<User>, configured: readonly Channel[]): Promise<readonly Channel[]>
  /** Whether the application keeps phones that were verified here. */
  readonly keepsPhones: boolean
  /** Has the application keep a verified phone, if it keeps any. */
  setVerifiedPhone(user: User, phone: string): Promise<void>
  /** Whether the application finds users by their phones, and keeps phones. */
  readonly findsPhones: boolean
  /** The key of the row of the user who has this phone; `null` where nobody has, or none can be found so. */
  subjectOfPhone(phone: string): Promise<string | null>
  /** Has the application mark a phone as verified for the user who has it; `false` where nobody has. */
  verifyPhone(phone: string): Promise<boolean>
}

/** Makes the directory out of the application's callbacks. */
export function createPhoneUsers<User>(
  directory: PhoneDirectory<User> & Pick<UserDirectory<User>, 'id'>,
  parsePhone: ParsePhone,
  { ask }: Pick<FactorTools, 'ask'>,
): PhoneUsers<User> {
  const { setVerifiedPhone, channels } = directory
  const userOfPhone = async (phone: string) =>
    (await ask('findByPhone', () => directory.findByPhone?.(phone))) ?? null
  const phoneOf = async (user: User): Promise<UserPhone | null> => {
    const phone: unknown = await ask('phone', () => directory.phone?.(user))
    const { number, verified = true } = toUserPhone(phone)
    return number === '' ? null : { number, verified }
  }
  const parsed = (number: string, verified: boolean): Destination | Refusal => {
    const phone = parsePhone(number)
    return phone.status === 'refused' ? phone : { status: 'found', number: phone.number, verified }
  }
  return {
    async destination(target) {
      if (isForSubject(target)) {
        const phone: unknown = target.contact
        if (phone === undefined || phone === null || phone === '')
          return refusal('destination_missing')
        return typeof phone === 'string' ? parsed(phone, true) : refusal('destination_invalid')
      }
      const phone = await phoneOf(target)
      return phone === null ? refusal('destination_missing') : parsed(phone.number, phone.verified)
    },
    async hasVerifiedPhone(user) {
      return (await phoneOf(user))?.verified ?? false
    },
    async channels(target, configured) {
      if (channels === undefined || isForSubject(target)) return configured
      const chosen: unknown = await ask('channels', () => channels(target))
      return configured.filter((channel) => Array.isArray(chosen) && chosen.includes(channel))
    },
    keepsPhones: setVerifiedPhone !== undefined,
    async setVerifiedPhone(user, phone) {
      await ask('setVerifiedPhone', () => setVerifiedPhone?.(user, phone))
    },
    findsPhones: directory.findByPhone !== undefined && setVerifiedPhone !== undefined,
    async subjectOfPhone(phone) {
      const user = await userOfPhone(phone)
      return user === null ? null : toSubject(directory.id(user))
    },
    async verifyPhone(phone) {
      const user = await userOfPhone(phone)
      if (user === null) return false
      await ask('setVerifiedPhone', () => setVerifiedPhone?.(user, phone))
      return true
    },
  }
}

/** Only a strict `false` leaves a phone unverified: else a password alone could put another in its place. */
function toUserPhone(phone: unknown): { number: string; verified?: false } {
  if (phone === null || phone === undefined) return { number: '' }
  if (typeof phone === 'string') return { number: phone }
  if (typeof phone === 'object' && 'number' in phone && typeof phone.number === 'string') {
    const isUnverified = 'verified' in phone && phone.verified === false
    return { number: phone.number, ...(isUnverified ? { verified: false } : {}) }
  }
  throw new DirectoryUnavailableError(
    'users.phone must return a string, { number, verified } or null',
  )
}
