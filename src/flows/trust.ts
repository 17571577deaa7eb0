/** Trusted devices: a login on one skips the second factor and rotates its token. */

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

/** The policy for trusted devices. */
export interface TrustPolicy {
  readonly days: number
  /** True if a logout also stops trusting the device it happens on. */
  readonly forgetOnLogout: boolean
}

/** Dependencies of the trust flows. */
export interface TrustContext<User> {
  readonly flow: FlowContext
  readonly users: Users<User>
  /** `null` if trusted devices are not configured. */
  readonly trust: TrustPolicy | null
}

const day = 86_400

/** Generates a device secret of 256 random bits. */
function newSecret(): string {
  return newBytes(32).toString('base64url')
}

/** Makes a device to trust once the user has passed a second factor on it. */
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
  /** The row's epoch after the login. */
  readonly epoch: number
  /** The token that replaces the used one. */
  readonly token: DeviceToken
  readonly expiresAt: Instant
}

/** A login with device tokens. */
export interface DeviceLoginRequest<User> {
  readonly user: User
  readonly subject: string
  readonly sessionKey: string
  readonly tokens: readonly DeviceToken[]
}

/**
 * Issues a grant for a login on a trusted device and rotates its token, in one write. Returns `null` if no token is
 * valid. Reuse of a replaced token revokes the device, because the token may have been stolen.
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
  /** Ids of devices that were revoked because of a reused token. */
  readonly reused: readonly string[]
}

/** Makes a grant dated to the second factor passed on the device. */
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

/** The public view of a trusted device. */
export interface DeviceView {
  readonly id: string
  /** The browser and system; may be empty. */
  readonly name: string
  /** When the user passed a second factor on it. */
  readonly trustedAt: Date
  readonly usedAt: Date
  readonly expiresAt: Date
}

/** Makes the view of a device, without its tokens. */
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

/** Lists a user's trusted devices. */
export async function listDevices(
  flow: FlowContext,
  subject: string,
): Promise<readonly TrustedDevice[]> {
  const row = await readState(flow, subject)
  return row === null ? [] : devicesOf(row, flow.clock())
}

/** Revokes one device, or all if `id` is `null`, and the grants of logins on it. Returns true if there was any. */
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

/** The digest of `users.credentialVersion`; `null` if the application does not provide it. */
async function credentialOf<User>(users: Users<User>, user: User): Promise<string | null> {
  const version = await users.credentialVersion(user)
  if (version === null) return null
  return credentialDigest(version)
}
