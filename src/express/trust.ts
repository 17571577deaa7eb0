/** Trusts a device after a right answer, and lets a login on a trusted device pass without one. */

import type { Request, Response } from 'express'

import type { NewDevice } from '../core/devices.js'
import { readOwn, type Fields } from '../core/fields.js'
import { newId } from '../core/random.js'
import { emit } from '../flows/context.js'
import { endSession } from '../flows/grants.js'
import { loginOnDevice, newDevice, revokeDevices } from '../flows/trust.js'
import type { AuthState } from './auth-state.js'
import type { HttpContext } from './context.js'
import { addToken, dropToken, readTokens } from './device-cookie.js'
import { deviceName } from './device-name.js'
import { passedBy } from './request-state.js'
import { recordOf, rotateSession, setRecord } from './session-record.js'

/** The device that a request asks to trust, or `null`. Only an explicit yes counts: `true`, or a ticked box. */
export async function requestedTrust(
  context: HttpContext,
  req: Request,
  { user }: AuthState,
  fields: Fields,
): Promise<NewDevice | null> {
  const { trust } = context
  const wish = readOwn(fields, 'trustDevice')
  if (trust === null || (wish !== true && wish !== 'on')) return null
  return newDevice(context, trust, user, {
    name: deviceName(req.get('user-agent')),
    replaces: readTokens(req, trust.cookie).map(({ id }) => id),
  })
}

/** Gives the browser the token of a newly trusted device. */
export function keepTrust(
  context: HttpContext,
  req: Request,
  res: Response,
  subject: string,
  { token, seconds }: NewDevice,
): void {
  if (context.trust === null) return
  addToken(req, res, context.trust, token, seconds)
  emit(context.flow, { type: 'device_trusted', subject, id: token.id })
}

/** Passes a session that logged in on a trusted device, and returns true if it did. Nothing is sent in that case. */
export async function passOnDevice(
  context: HttpContext,
  req: Request,
  user: Express.User,
): Promise<boolean> {
  const { trust, users, flow } = context
  const { res } = req
  if (trust === null || res === undefined) return false
  const subject = users.subject(user)
  const record = recordOf(req, subject)
  const { key: sessionKey = newId(), loginAt = flow.clock(), returnTo } = record
  const tokens = readTokens(req, trust.cookie)
  const login = await loginOnDevice(context, { user, subject, sessionKey, tokens })
  // A reused token also ends the grants of its device, so cached grants may be stale.
  context.grants.forget(subject)
  if (login === null) return false
  const { grant, epoch, token, expiresAt } = login
  const kept = { subject, loginAt, returnTo }
  try {
    if (!(await rotateSession(req, { ...kept, epoch, grantId: grant.id }))) {
      await endSession(flow, subject, { grantId: grant.id }, 'login')
      return false
    }
  } catch (error) {
    // No session may hold a grant if its record was not written.
    await endSession(flow, subject, { grantId: grant.id }, 'login').catch(() => undefined)
    if (recordOf(req, subject).grantId === grant.id) setRecord(req, kept)
    throw error
  }
  req.secondFactor = passedBy(context, grant)
  addToken(req, res, trust, token, Math.ceil((expiresAt - flow.clock()) / 1000))
  return true
}

/** Ends the trust in the device on which a user logs out, if `forgetOnLogout` is set. */
export async function forgetDevice(
  { trust, flow }: HttpContext,
  req: Request,
  subject: string | undefined,
): Promise<void> {
  const { res } = req
  if (trust?.forgetOnLogout !== true || subject === undefined || res === undefined) return
  for (const { id } of readTokens(req, trust.cookie)) {
    if (await revokeDevices(flow, subject, id, 'logout')) dropToken(req, res, trust, id)
  }
}
