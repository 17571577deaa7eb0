/** Devices on which a user is not asked for the second factor again: remembered, rotated at each use, and ended. */

import { createHash } from 'node:crypto'

import { isSameSecret, lengthPrefixed } from './keys.js'
import { damagedRow } from './read-row.js'
import { arrayOf, number, object, orNull, string, type FieldsOf } from './shape.js'
import {
  after,
  hasHappened,
  withPart,
  type FactorPart,
  type Instant,
  type Method,
  type SubjectState,
} from './state.js'

/** The part of the row that keeps them. No factor may have this kind. */
export const devicesKind = 'devices'

/** How grants name a login on a trusted device: nobody has passed a second factor by it. */
export const deviceMethod: Method = 'trusted-device'

/** More devices than this per user, and the oldest go. */
const maxDevices = 10

/** The token before the last still counts for so long: two tabs may have logged in with it, or an answer was lost. */
const overlapSeconds = 60

/** Tabs that may log in with one token at once. */
const maxTwins = 4

/** A device that a user trusts. */
export interface TrustedDevice {
  readonly id: string
  /**
   * The digests of its tokens. There are several where tabs have logged in with one token at once: nobody knows which of
   * the answers came last, so that each is good until one of them is used.
   */
  readonly hashes: readonly string[]
  /** That of the token before. */
  readonly formerHash: string | null
  readonly rotatedAt: Instant
  /** When a second factor was last passed on it. */
  readonly verifiedAt: Instant
  /** Fixed when it was trusted: no use prolongs it. */
  readonly expiresAt: Instant
  /** The digest of what changes with the password; `null` where the application gives nothing. */
  readonly credential: string | null
  /** Such as "Firefox on Linux", as the browser called itself. */
  readonly name: string
}

interface DevicesPart extends FactorPart {
  readonly list: readonly TrustedDevice[]
}

const shape = object({
  list: arrayOf(
    object({
      id: string,
      hashes: arrayOf(string),
      formerHash: orNull(string),
      rotatedAt: number,
      verifiedAt: number,
      expiresAt: number,
      credential: orNull(string),
      name: string,
    } satisfies FieldsOf<TrustedDevice>),
  ),
})

/**
 * The devices of a user that have not expired.
 *
 * @throws StoreUnavailableError where what is stored is damaged.
 */
export function devicesOf(
  { factors }: Pick<SubjectState, 'factors'>,
  now: Instant,
): readonly TrustedDevice[] {
  return readDevices(factors[devicesKind]).filter(({ expiresAt }) => now < expiresAt)
}

/** When the last device expires; 0 where there is none. */
export function devicesKeepUntil(part: FactorPart): Instant {
  return Math.max(0, ...readDevices(part).map(({ expiresAt }) => expiresAt))
}

function readDevices(part: FactorPart | undefined): readonly TrustedDevice[] {
  if (part === undefined) return []
  const damaged = shape(part, `factors.${devicesKind}`)
  if (damaged !== null) throw damagedRow(damaged)
  return (part as DevicesPart).list
}

/** The row with other devices; one that never had any stays as it is. */
export function withDevices(row: SubjectState, list: readonly TrustedDevice[]): SubjectState {
  const isNone = list.length === 0 && row.factors[devicesKind] === undefined
  if (isNone) return row
  const part: DevicesPart = { list: list.slice(-maxDevices) }
  return withPart(row, devicesKind, part)
}

/** The row without one device, and without the logins on it; the same object where there is no such device. */
export function withoutDevice(row: SubjectState, now: Instant, id: string): SubjectState {
  const devices = devicesOf(row, now)
  const ended = devices.find((device) => device.id === id)
  if (ended === undefined) return row
  // A login on a device says when a second factor was passed there, which tells the devices apart.
  const grants = row.grants.filter(
    ({ method, issuedAt }) => method !== deviceMethod || issuedAt !== ended.verifiedAt,
  )
  return withDevices(
    { ...row, grants },
    devices.filter((device) => device !== ended),
  )
}

/** A token as a browser keeps it. */
export interface DeviceToken {
  readonly id: string
  /** 256 random bits. */
  readonly secret: string
}

/** The digest that the row keeps of a token. 256 random bits need no slow hash. */
export function deviceHash(subject: string, { id, secret }: DeviceToken): string {
  const bound = lengthPrefixed(['passport-second-factor trusted device v1', subject, id, secret])
  return createHash('sha256').update(bound).digest('base64url')
}

/** The digest of what changes with a password. */
export function credentialDigest(version: string): string {
  return createHash('sha256').update(version).digest('base64url')
}

/** What a token is worth now. */
export type TokenVerdict =
  | {
      readonly status: 'trusted'
      readonly device: TrustedDevice
      /** Whether another tab has logged in with this token just before. */
      readonly isTwin: boolean
    }
  /** No device of this user, or one that has ended. */
  | { readonly status: 'unknown' }
  /** A token that was replaced long ago: whoever used it has copied it, or somebody else's copy was used since. */
  | { readonly status: 'reused'; readonly device: TrustedDevice }

/** Judges a token; `credential` is the digest of what changes with the password. */
export function judgeToken(
  row: SubjectState,
  now: Instant,
  token: DeviceToken,
  credential: string | null,
): TokenVerdict {
  const device = devicesOf(row, now).find(({ id }) => id === token.id)
  if (device === undefined || !hasHappened(device.verifiedAt, now)) return { status: 'unknown' }
  if (device.credential !== credential) return { status: 'unknown' }
  const hash = deviceHash(row.subject, token)
  const isCurrent = device.hashes.some((each) => isSameSecret(each, hash))
  if (isCurrent) return { status: 'trusted', device, isTwin: false }
  const isFormer = device.formerHash !== null && isSameSecret(device.formerHash, hash)
  const overlaps = isFormer && now < after(device.rotatedAt, overlapSeconds)
  return overlaps ? { status: 'trusted', device, isTwin: true } : { status: 'reused', device }
}

/** The row with a new token for a device, which the one that was used counts beside for a minute. */
export function rotateDevice(
  row: SubjectState,
  now: Instant,
  { device, isTwin }: Extract<TokenVerdict, { status: 'trusted' }>,
  { used, next }: { readonly used: DeviceToken; readonly next: DeviceToken },
): SubjectState {
  const hash = deviceHash(row.subject, next)
  const rotated: TrustedDevice = isTwin
    ? { ...device, hashes: [...device.hashes, hash].slice(-maxTwins) }
    : {
        ...{ ...device, hashes: [hash], rotatedAt: now },
        formerHash: deviceHash(row.subject, used),
      }
  return withDevices(
    row,
    devicesOf(row, now).map((each) => (each.id === device.id ? rotated : each)),
  )
}

/** A device that is about to be trusted. */
export interface NewDevice {
  readonly token: DeviceToken
  readonly seconds: number
  /** Ids of devices that the same browser was before. */
  readonly replaces: readonly string[]
  readonly credential: string | null
  readonly name: string
}

/** The row with a device on which a second factor has just been passed. */
export function trustDevice(
  row: SubjectState,
  now: Instant,
  { token, seconds, replaces, credential, name }: NewDevice,
): SubjectState {
  const device: TrustedDevice = {
    id: token.id,
    hashes: [deviceHash(row.subject, token)],
    formerHash: null,
    ...{ rotatedAt: now, verifiedAt: now, expiresAt: after(now, seconds) },
    ...{ credential, name },
  }
  const others = devicesOf(row, now).filter(({ id }) => !replaces.includes(id))
  return withDevices(row, [...others, device])
}
