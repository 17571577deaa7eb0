/** The devices that a user trusts, as pages and clients see them. */

import type { Request } from 'express'

import { deviceView, listDevices } from '../flows/trust.js'
import type { ShownDevice } from '../pages/factors-page.js'
import type { AuthState } from './auth-state.js'
import type { HttpContext } from './context.js'
import { readTokens } from './device-cookie.js'

/** The devices of a user as lists show them. */
export async function shownDevices(
  context: HttpContext,
  req: Request,
  { subject }: AuthState,
): Promise<readonly ShownDevice[]> {
  const { trust, flow } = context
  if (trust === null) return []
  const own = readTokens(req, trust.cookie).map(({ id }) => id)
  const devices = await listDevices(flow, subject)
  return devices.map((device) => ({ ...deviceView(device), current: own.includes(device.id) }))
}
