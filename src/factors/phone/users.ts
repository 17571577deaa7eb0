/** Reads users' phones from the application, or from their rows if it keeps none. */

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

/** The phone that the application gives for a user. */
export interface GivenPhone {
  readonly destination: Destination | Refusal
  /** True if it is verified, even if no message can go to it. */
  readonly isVerified: boolean
}

/** Users' phones, as the factor uses them. */
export interface PhoneUsers<User> {
  given(target: Target<User>): Promise<GivenPhone>
  destination(target: Target<User>): Promise<Destination | Refusal>
  /** Returns true if the user has a verified phone, even one that no message can go to. */
  hasVerifiedPhone(user: User): Promise<boolean>
  /** The configured channels that the user may choose. */
  channels(target: Target<User>, configured: readonly Channel[]): Promise<readonly Channel[]>
  /** True if phones that were verified here are kept, by the application or in the user's row. */
  readonly keepsPhones: boolean
  /** True if they are kept in the user's row, because the application keeps none. */
  readonly ownsPhones: boolean
  /** Has the application keep a verified phone, if it keeps any. */
  setVerifiedPhone(user: User, phone: string): Promise<void>
  /** True if the application finds users by phone. */
  readonly findsUsers: boolean
  /** True if it also keeps a phone that was verified, so that people can verify theirs without a login. */
  readonly canVerifyWithoutLogin: boolean
  /** The user who has this phone; `null` if nobody has, or users cannot be found by phone. */
  byPhone(phone: string): Promise<PhoneOwner | null>
}

/** A user found by phone. */
export interface PhoneOwner {
  /** The key of the user's row. */
  readonly subject: string
  /** The phone that the application gives for this user, which may be a different one. */
  given(): Promise<GivenPhone>
  /** Has the application keep the phone as verified. */
  setVerified(): Promise<void>
}

/** A phone, and how certain it is that it is the user's. */
interface ClassedPhone extends UserPhone {
  readonly phoneClass: PhoneClass
}

/** Builds the directory from the application's callbacks. */
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
  const given = async (target: Target<User>): Promise<GivenPhone> => {
    const phone = isForSubject(target) ? contactOf(target) : await phoneOf(target)
    return {
      destination: phone === null ? refusal('destination_missing') : parsed(phone),
      isVerified: phone?.verified ?? false,
    }
  }
  return {
    given,
    destination: async (target) => (await given(target)).destination,
    hasVerifiedPhone: async (user) => (await given(user)).isVerified,
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
    canVerifyWithoutLogin: directory.findByPhone !== undefined && setVerifiedPhone !== undefined,
    async byPhone(phone) {
      const user = (await ask('findByPhone', () => directory.findByPhone?.(phone))) ?? null
      if (user === null) return null
      return {
        subject: toSubject(directory.id(user)),
        given: () => given(user),
        setVerified: async () => {
          await ask('setVerifiedPhone', () => setVerifiedPhone?.(user, phone))
        },
      }
    },
  }
}

/** The phone given to `forSubject`. It may have any type, because the caller may be JavaScript. */
function contactOf({ contact }: ForSubject): ClassedPhone | null {
  const number: unknown = contact
  if (number === undefined || number === null || number === '') return null
  // '?' is no phone, so the parser refuses it as `destination_invalid`.
  return { number: typeof number === 'string' ? number : '?', verified: true, phoneClass: 'new' }
}

/** A bare string only counts as stated, because it may be what was typed at registration. */
function classOf(phone: unknown): PhoneClass {
  const verified: unknown =
    typeof phone === 'object' && phone !== null ? Reflect.get(phone, 'verified') : undefined
  if (verified === true) return 'known'
  return verified === false ? 'new' : 'stated'
}

/** Only a strict `false` makes a phone unverified, because a password alone may replace an unverified phone. */
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
