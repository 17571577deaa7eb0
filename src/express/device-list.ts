/** Lists the devices that a user trusts, for pages and clients. */

import type { Request } from 'express'

import { deviceView, listDevices } from '../flows/trust.js'
import type { ShownDevice } from '../pages/factors-page.js'
import type { AuthState } from './auth-state.js'
import type { HttpContext } from './context.js'
import { readTokens } from './device-cookie.js'

/** The trusted devices of a user; `current` marks the ones that this browser holds a token for. */
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
