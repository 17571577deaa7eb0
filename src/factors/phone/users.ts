/** Asks the application about its users' phones. */

import { DirectoryUnavailableError } from '../../core/errors.js'
import { isRefusal, refusal, type Refusal } from '../../core/refusal.js'
import { isForSubject, toSubject, type ForSubject, type Target } from '../../core/subject.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import type { UserDirectory } from '../../ports/user-directory.js'
import type { ParsePhone } from './phone-number.js'
import type { PhoneDirectory, UserPhone } from './ports/phone-directory.js'
import type { PhoneClass } from './ports/send-guard.js'
import { kind, readPart, type Channel } from './rules/part.js'

/** A user's phone that messages can go to. */
export interface Destination {
  readonly status: 'found'
  /** E.164. */
  readonly number: string
  readonly verified: boolean
  readonly phoneClass: PhoneClass
}

/** What the application says of a user's phone. */
export interface KnownPhone {
  readonly destination: Destination | Refusal
  /** Whether it is verified, even if no message can go to it. */
  readonly isVerified: boolean
}

/** The phones of users as the factor uses them. */
export interface PhoneUsers<User> {
  known(target: Target<User>): Promise<KnownPhone>
  destination(target: Target<User>): Promise<Destination | Refusal>
  /** Whether the user has a verified phone, even one that no message can go to. */
  hasVerifiedPhone(user: User): Promise<boolean>
  /** Those of the configured channels that the user may choose. */
  channels(target: Target<User>, configured: readonly Channel[]): Promise<readonly Channel[]>
  /** Whether the application keeps phones that were verified here. */
  readonly keepsPhones: boolean
  /** Whether they are kept in the user's row, since the application keeps none. */
  readonly ownsPhones: boolean
  /** Has the application keep a verified phone, if it keeps any. */
  setVerifiedPhone(user: User, phone: string): Promise<void>
  /** Whether the application finds users by their phones. */
  readonly findsUsers: boolean
  /** Whether it does, and keeps phones. */
  readonly findsPhones: boolean
  /** The user who has this phone; `null` where nobody has, or none can be found so. */
  byPhone(phone: string): Promise<PhoneOwner | null>
}

/** A user who was found by a phone. */
export interface PhoneOwner {
  /** The key of the user's row. */
  readonly subject: string
  /** What the application says of this user's phone, which may be another one. */
  known(): Promise<KnownPhone>
  /** Has the application keep the phone as verified. */
  setVerified(): Promise<void>
}

/** A phone, and how sure it is whose it is. */
interface ClassedPhone extends UserPhone {
  readonly phoneClass: PhoneClass
}

/** Makes the directory out of the application's callbacks. */
export function createPhoneUsers<User>(
  directory: PhoneDirectory<User> & Pick<UserDirectory<User>, 'id'>,
  parsePhone: ParsePhone,
  { ask, read }: Pick<FactorTools, 'ask' | 'read'>,
): PhoneUsers<User> {
  const { setVerifiedPhone, channels } = directory
  const ownsPhones = directory.phone === undefined
  const phoneOf = async (user: User): Promise<ClassedPhone | null> => {
    if (ownsPhones) {
      const row = await read(toSubject(directory.id(user)))
      const kept = row === null ? undefined : readPart(row.factors[kind]).kept
      if (kept === undefined) return null
      return { number: kept.destination, verified: true, phoneClass: 'known' }
    }
    const phone: unknown = await ask('phone', () => directory.phone?.(user))
    const { number, verified = true } = toUserPhone(phone)
    return number === '' ? null : { number, verified, phoneClass: classOf(phone) }
  }
  const parsed = ({ number, ...facts }: ClassedPhone): Destination | Refusal => {
    const phone = parsePhone(number)
    return isRefusal(phone) ? phone : { status: 'found', number: phone.number, ...facts }
  }
  const known = async (target: Target<User>): Promise<KnownPhone> => {
    const phone = isForSubject(target) ? contactOf(target) : await phoneOf(target)
    return {
      destination: phone === null ? refusal('destination_missing') : parsed(phone),
      isVerified: phone?.verified ?? false,
    }
  }
  return {
    known,
    destination: async (target) => (await known(target)).destination,
    hasVerifiedPhone: async (user) => (await known(user)).isVerified,
    async channels(target, configured) {
      if (channels === undefined || isForSubject(target)) return configured
      const chosen: unknown = await ask('channels', () => channels(target))
      return configured.filter((channel) => Array.isArray(chosen) && chosen.includes(channel))
    },
    ownsPhones,
    keepsPhones: ownsPhones || setVerifiedPhone !== undefined,
    async setVerifiedPhone(user, phone) {
      await ask('setVerifiedPhone', () => setVerifiedPhone?.(user, phone))
    },
    findsUsers: directory.findByPhone !== undefined,
    findsPhones: directory.findByPhone !== undefined && setVerifiedPhone !== undefined,
    async byPhone(phone) {
      const user = (await ask('findByPhone', () => directory.findByPhone?.(phone))) ?? null
      if (user === null) return null
      return {
        subject: toSubject(directory.id(user)),
        known: () => known(user),
        setVerified: async () => {
          await ask('setVerifiedPhone', () => setVerifiedPhone?.(user, phone))
        },
      }
    },
  }
}

/** The phone of a subject of the caller's own, which may come from JavaScript. */
function contactOf({ contact }: ForSubject): ClassedPhone | null {
  const number: unknown = contact
  if (number === undefined || number === null || number === '') return null
  return { number: typeof number === 'string' ? number : '?', verified: true, phoneClass: 'new' }
}

/** A bare string is the application's word: what was typed at a registration may stand there. */
function classOf(phone: unknown): PhoneClass {
  const verified: unknown =
    typeof phone === 'object' && phone !== null ? Reflect.get(phone, 'verified') : undefined
  if (verified === true) return 'known'
  return verified === false ? 'new' : 'stated'
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
