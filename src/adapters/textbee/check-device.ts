/** Checks with TextBee that the device exists and is enabled, without sending anything. */

import type { VendorCheck } from '../../factors/phone/ports/code-sender.js'
import { fields } from '../http/fields.js'

/** An hour: a device that is switched on reports every half hour. */
const silentMilliseconds = 3_600_000

/** Reads the response of `GET /gateway/devices`. */
export function deviceCheck(
  status: number,
  body: unknown,
  deviceId: string,
  now: number,
): VendorCheck {
  if (status !== 200) {
    const why = status === 401 || status === 403 ? 'the key was refused' : `status ${status}`
    return { ok: false, text: `TextBee did not return its devices: ${why}` }
  }
  const { data } = fields(body)
  const devices: readonly unknown[] = Array.isArray(data) ? data : []
  const device = devices.map(fields).find(({ _id: id }) => id === deviceId)
  if (device === undefined) return { ok: false, text: 'TextBee: this account has no such device' }
  if (device['enabled'] !== true) return { ok: false, text: 'TextBee: the device is switched off' }
  const { lastHeartbeat } = device
  const seen = typeof lastHeartbeat === 'string' ? Date.parse(lastHeartbeat) : NaN
  if (now - seen > silentMilliseconds) {
    return { ok: false, text: 'TextBee: the device has not been heard of for an hour or more' }
  }
  return { ok: true, text: 'TextBee: the key is good, the device is switched on' }
}
