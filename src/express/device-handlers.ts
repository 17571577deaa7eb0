/** The endpoints that end trust in devices. They need only the password, because ending trust is safe. */

import { deviceMethod } from '../core/devices.js'
import { revokeDevices } from '../flows/trust.js'
import type { HttpContext } from './context.js'
import { dropToken } from './device-cookie.js'
import type { LoggedInWork } from './logged-in.js'
import { wantsPage } from './negotiate.js'
import { saveRecord } from './session-record.js'

/**
 * `DELETE {mount}/devices/{id}` and `DELETE {mount}/devices`, with their forms: ends the trust in one device, or in
 * all.
 */
export function endTrust(context: HttpContext): LoggedInWork {
  return async (req, res, { subject, record, grant }) => {
    const named = req.params['id']
    const id = named === undefined ? null : String(named)
    const isEnded = await revokeDevices(context.flow, subject, id, 'user')
    context.grants.forget(subject)
    // A session that passed by the device at hand has to pass again; its login has not timed out.
    const isOver =
      grant?.method === deviceMethod && (await context.grants.find(subject, grant.id)) === null
    if (isOver) await saveRecord(req, { ...record, grantId: undefined, epoch: undefined })
    // The tokens of other people who share the browser stay.
    if (isEnded && context.trust !== null && id !== null) dropToken(req, res, context.trust, id)
    if (wantsPage(req)) res.redirect(303, `${context.mountPath}/factors`)
    else res.status(204).end()
    return null
  }
}
