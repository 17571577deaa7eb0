/** Checks with Twilio that the account works, without sending anything. */

import type { VendorCheck } from '../../factors/phone/ports/code-sender.js'
import { fields } from '../http/fields.js'
import { callTwilio, type Caller } from './call.js'
import { sendFailure } from './errors.js'

/** The part of the SDK that reads an account. The application's own client may lack it. */
interface AccountReader {
  readonly accountSid?: string
  readonly api?: {
    readonly v2010: { accounts(sid: string): { fetch(): Promise<unknown> } }
  }
}

/** Reads the account with the credentials that messages are sent with. Never rejects. */
export async function checkAccount<Client>(caller: Caller<Client>): Promise<VendorCheck> {
  const { response, fault } = await callTwilio(caller, (client) => {
    const { api, accountSid } = client as AccountReader
    if (api === undefined || accountSid === undefined) return Promise.resolve({ status: 'unknown' })
    return api.v2010.accounts(accountSid).fetch()
  })
  if (fault !== undefined) {
    const { status, reason = status } = sendFailure(fault)
    return { ok: false, text: `Twilio did not return the account: ${reason}` }
  }
  const { status } = fields(response)
  if (status === 'active')
    return { ok: true, text: 'Twilio: the credentials are good, the account is active' }
  if (status === 'unknown') return { ok: true, text: 'Twilio: this client cannot read its account' }
  return {
    ok: false,
    text: `Twilio: the account is ${status === 'suspended' || status === 'closed' ? status : 'not active'}`,
  }
}
