/** Trusted devices: a login on one passes without a second factor, and every use of one is noticed. */

import {
  credentialDigest,
  deviceMethod,
  devicesOf,
  judgeToken,
  rotateDevice,
  withoutDevice,
  type DeviceToken,
  type NewDevice,
  type TrustedDevice,
} from '../core/devices.js'
import type { ActionFacts } from '../core/admin.js'
import { addGrant } from '../core/grant.js'
import { isLocked } from '../core/ledger.js'
import { newBytes, newId } from '../core/random.js'
import { after, type Decision, type Grant, type Instant, type SubjectState } from '../core/state.js'
import { emit, type FlowContext } from './context.js'
import { readState, transition } from './transition.js'
import type { Users } from './users.js'

/** How long a device is trusted. */
export interface TrustPolicy {
  readonly days: number
  /** Whether a logout ends the trust in the device it happens on. */
  readonly forgetOnLogout: boolean
}

/** Dependencies of the trust flows. */
export interface TrustContext<User> {
  readonly flow: FlowContext
  readonly users: Users<User>
  /** `null` where no device is trusted. */
  readonly trust: TrustPolicy | null
}

const day = 86_400

/** A new secret of a device: 256 random bits. */
function newSecret(): string {
  return newBytes(32).toString('base64url')
}

/** Makes a device that is trusted once a second factor has been passed on it. */
export async function newDevice<User>(
  { users }: TrustContext<User>,
  { days }: TrustPolicy,
  user: User,
  browser: Pick<NewDevice, 'name' | 'replaces'>,
): Promise<NewDevice> {
  return {
    token: { id: newId(), secret: newSecret() },
    seconds: days * day,
    credential: await credentialOf(users, user),
    ...browser,
  }
}

/** A login on a trusted device. */
export interface DeviceLogin {
  readonly grant: Grant
  /** Of the row by now. */
  readonly epoch: number
  /** The token that takes the place of the one that was shown. */
  readonly token: DeviceToken
  readonly expiresAt: Instant
}

/** Somebody who logs in with tokens of devices at hand. */
export interface DeviceLoginRequest<User> {
  readonly user: User
  readonly subject: string
  readonly sessionKey: string
  readonly tokens: readonly DeviceToken[]
}

/**
 * Grants a login on a trusted device, and gives the device another token, in one write; `null` where none of the tokens
 * is good. A token that was replaced long ago ends its device, for its owner and for whoever has copied it.
 */
export async function loginOnDevice<User>(
  { flow, users }: TrustContext<User>,
  { user, subject, sessionKey, tokens }: DeviceLoginRequest<User>,
): Promise<DeviceLogin | null> {
  if (tokens.length === 0) return null
  const credential = await credentialOf(users, user)
  const [grantId, secret] = [newId(), newSecret()]
  const rule = (row: SubjectState, now: Instant): Decision<LoginOutcome> => {
    let state = row
    const reused: string[] = []
    for (const token of isLocked(row, now) ? [] : tokens) {
      const verdict = judgeToken(state, now, token, credential)
      if (verdict.status === 'reused') {
        state = withoutDevice(state, now, token.id)
        reused.push(token.id)
      }
      if (verdict.status !== 'trusted') continue
      const { device } = verdict
      const grant = grantOn(device, now, flow.policy.grantLifetimeSeconds, grantId, sessionKey)
      const next = { id: device.id, secret }
      state = addGrant(rotateDevice(state, now, verdict, { used: token, next }), grant, null)
      const login = { grant, epoch: state.epoch, token: next, expiresAt: device.expiresAt }
      return { state, outcome: { login, reused } }
    }
    return { state, outcome: { login: null, reused } }
  }
  const { outcome } = await transition(flow, subject, rule)
  for (const id of outcome.reused) emit(flow, { type: 'device_token_reused', subject, id })
  return outcome.login
}

interface LoginOutcome {
  readonly login: DeviceLogin | null
  /** Devices that have ended, since a copy of their token was used. */
  readonly reused: readonly string[]
}

/** The grant says when a second factor was really passed there, so that no step-up takes it for recent. */
function grantOn(
  { verifiedAt, expiresAt }: TrustedDevice,
  now: Instant,
  lifetimeSeconds: number,
  id: string,
  sessionKey: string,
): Grant {
  return {
    ...{ id, method: deviceMethod, sessionKey, issuedAt: verifiedAt },
    expiresAt: Math.min(after(now, lifetimeSeconds), expiresAt),
  }
}

/** A trusted device as lists show it. */
export interface DeviceView {
  readonly id: string
  /** As its browser called itself; may be empty. */
  readonly name: string
  /** When a second factor was passed there. */
  readonly trustedAt: Date
  readonly usedAt: Date
  readonly expiresAt: Date
}

/** A device without its tokens. */
export function deviceView({
  id,
  name,
  verifiedAt,
  rotatedAt,
  expiresAt,
}: TrustedDevice): DeviceView {
  return {
    ...{ id, name, trustedAt: new Date(verifiedAt), usedAt: new Date(rotatedAt) },
    expiresAt: new Date(expiresAt),
  }
}

/** The devices that a user trusts. */
export async function listDevices(
  flow: FlowContext,
  subject: string,
): Promise<readonly TrustedDevice[]> {
  const row = await readState(flow, subject)
  return row === null ? [] : devicesOf(row, flow.clock())
}

/** Ends the trust in one device, or in all, and the sessions that logged in on one. Returns whether there was any. */
export async function revokeDevices(
  flow: FlowContext,
  subject: string,
  id: string | null,
  by: 'user' | 'operator' | 'logout',
  facts: ActionFacts = {},
): Promise<boolean> {
  const rule = (row: SubjectState, now: Instant): Decision<boolean> => {
    const ended = devicesOf(row, now).filter((device) => id === null || device.id === id)
    const state = ended.reduce((left, device) => withoutDevice(left, now, device.id), row)
    return { state, outcome: ended.length > 0 }
  }
  const { outcome } = await transition(flow, subject, rule)
  if (outcome) emit(flow, { type: 'device_revoked', subject, id, by, ...facts })
  return outcome
}

/** A digest of what the application says changes with the password; `null` where it says nothing. */
async function credentialOf<User>(users: Users<User>, user: User): Promise<string | null> {
  const version = await users.credentialVersion(user)
  if (version === null) return null
  return credentialDigest(version)
}
