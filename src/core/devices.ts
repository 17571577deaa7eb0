/** Trusted devices, on which a user skips the second factor: stored, rotated at each login, and revoked. */

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

/** The key of this part in the row. Reserved: no factor may use it as its kind. */
export const devicesKind = 'devices'

/** The method of a grant from a login on a trusted device. No second factor was passed for it. */
export const deviceMethod: Method = 'trusted-device'

/** Devices per user. Beyond this the oldest is dropped. */
const maxDevices = 10

/** Seconds that a replaced token stays valid, in case two tabs logged in with it or the response was lost. */
const overlapSeconds = 60

/** Tabs that can log in with one token at the same time. */
const maxTwins = 4

/** A device that a user trusts. */
export interface TrustedDevice {
  readonly id: string
  /**
   * Digests of its valid tokens. There are several after tabs logged in with one token at the same time: any of the
   * responses may have set the cookie last, so each token stays valid until one of them is used.
   */
  readonly hashes: readonly string[]
  /** Digest of the previous token. */
  readonly formerHash: string | null
  readonly rotatedAt: Instant
  /** When the user passed the second factor on it. */
  readonly verifiedAt: Instant
  /** Set once, when the device becomes trusted. Logins do not extend it. */
  readonly expiresAt: Instant
  /** Digest of `users.credentialVersion`; `null` if the application does not provide it. */
  readonly credential: string | null
  /** The browser and system, such as "Firefox on Linux". */
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
 * The unexpired devices of a user.
 *
 * @throws StoreUnavailableError if the stored part is damaged.
 */
export function devicesOf(
  { factors }: Pick<SubjectState, 'factors'>,
  now: Instant,
): readonly TrustedDevice[] {
  return readDevices(factors[devicesKind]).filter(({ expiresAt }) => now < expiresAt)
}

/** When the last device expires; 0 if there is none. */
export function devicesKeepUntil(part: FactorPart): Instant {
  return Math.max(0, ...readDevices(part).map(({ expiresAt }) => expiresAt))
}

function readDevices(part: FactorPart | undefined): readonly TrustedDevice[] {
  if (part === undefined) return []
  const damaged = shape(part, `factors.${devicesKind}`)
  if (damaged !== null) throw damagedRow(damaged)
  return (part as DevicesPart).list
}

/** Replaces the devices in the row. Returns the same row if there are none, before or after. */
export function withDevices(row: SubjectState, list: readonly TrustedDevice[]): SubjectState {
  const isNone = list.length === 0 && row.factors[devicesKind] === undefined
  if (isNone) return row
  const part: DevicesPart = { list: list.slice(-maxDevices) }
  return withPart(row, devicesKind, part)
}

/** Removes a device and the grants of logins on it. Returns the same row if there is no such device. */
export function withoutDevice(row: SubjectState, now: Instant, id: string): SubjectState {
  const devices = devicesOf(row, now)
  const ended = devices.find((device) => device.id === id)
  if (ended === undefined) return row
  // A grant from a device has the device's `verifiedAt` as its `issuedAt`, which identifies the device.
  const grants = row.grants.filter(
    ({ method, issuedAt }) => method !== deviceMethod || issuedAt !== ended.verifiedAt,
  )
  return withDevices(
    { ...row, grants },
    devices.filter((device) => device !== ended),
  )
}

/** The token in a browser's cookie. */
export interface DeviceToken {
  readonly id: string
  /** 256 random bits. */
  readonly secret: string
}

/** The digest of a token, for the row. A plain hash is enough for 256 random bits. */
export function deviceHash(subject: string, { id, secret }: DeviceToken): string {
  const bound = lengthPrefixed(['passport-second-factor trusted device v1', subject, id, secret])
  return createHash('sha256').update(bound).digest('base64url')
}

/** The digest of a credential version. */
export function credentialDigest(version: string): string {
  return createHash('sha256').update(version).digest('base64url')
}

/** The verdict on a token. */
export type TokenVerdict =
  | {
      readonly status: 'trusted'
      readonly device: TrustedDevice
      /** True if another tab logged in with this token within the last minute. */
      readonly isTwin: boolean
    }
  /** Not a device of this user, or one that has expired, was revoked, or was trusted under an earlier password. */
  | { readonly status: 'unknown' }
  /** A replaced token of a trusted device. This token or its replacement may be a stolen copy. */
  | { readonly status: 'reused'; readonly device: TrustedDevice }

/** Judges a token. `credential` is the digest of the user's current credential version. */
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

/**
 * Gives a device a new token. The used one stays valid for a minute; another tab that uses it gets a token of its
 * own.
 */
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

/** A device to trust. */
export interface NewDevice {
  readonly token: DeviceToken
  readonly seconds: number
  /** Ids of earlier devices of the same browser. */
  readonly replaces: readonly string[]
  readonly credential: string | null
  readonly name: string
}

/** Adds a device on which the user has just passed the second factor. */
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
