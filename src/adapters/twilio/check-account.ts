/** Checks with Twilio that the credentials work, without sending anything. */

import type { VendorCheck } from '../../factors/phone/ports/code-sender.js'
import { fields } from '../http/fields.js'
import { callTwilio, type Caller } from './call.js'
import { sendFailure } from './errors.js'

/** The part of the SDK that this check uses. The application's own client may lack it. */
interface Reader {
  readonly accountSid?: string
  readonly username?: string
  readonly api?: {
    readonly v2010: { accounts(sid: string): { fetch(): Promise<unknown> } }
  }
  readonly messages: { list?(query: { limit: number }): Promise<unknown> }
}

/** Reads the account with the credentials that messages are sent with. Never rejects. */
export async function checkAccount<Client>(caller: Caller<Client>): Promise<VendorCheck> {
  const key = { isUsed: false }
  const { response, fault } = await callTwilio(caller, async (client) => {
    const { api, accountSid, username, messages } = client as Reader
    if (api === undefined || accountSid === undefined) return { status: 'unknown' }
    key.isUsed = username?.startsWith('SK') === true
    if (!key.isUsed) return api.v2010.accounts(accountSid).fetch()
    // Of API keys, only main ones may read the account.
    if (messages.list === undefined) return { status: 'unknown' }
    await messages.list({ limit: 1 })
    return { status: 'active' }
  })
  if (fault !== undefined) {
    const { status, reason = status } = sendFailure(fault)
    const text = key.isUsed
      ? `Twilio did not list messages: ${reason}; check the API key, a restricted one needs the right to read messages`
      : `Twilio did not return the account: ${reason}`
    return { ok: false, text }
  }
  const { status } = fields(response)
  if (status === 'active' && key.isUsed) return { ok: true, text: 'Twilio: the API key is good' }
  if (status === 'active')
    return { ok: true, text: 'Twilio: the credentials are good, the account is active' }
  if (status === 'unknown') return { ok: true, text: 'Twilio: this client cannot read its account' }
  return {
    ok: false,
    text: `Twilio: the account is ${status === 'suspended' || status === 'closed' ? status : 'not active'}`,
  }
}
