/** The check of a sender by API key: Twilio lets only main keys read the account. */

import { expect, test } from 'vitest'

import { twilioSender } from '../../src/adapters/twilio/index.js'

/** A client of the SDK with a standard API key, or with one that Twilio does not know. */
function clientOf(isKnown: boolean) {
  const refused = Object.assign(new Error('Authenticate'), { status: 401, code: 20_003 })
  const message = { body: 'Your code is 123456', to: '+237671234567' }
  return {
    accountSid: `AC${'0'.repeat(32)}`,
    username: `SK${'0'.repeat(32)}`,
    api: { v2010: { accounts: () => ({ fetch: () => Promise.reject(refused) }) } },
    messages: {
      create: () => Promise.reject(new Error('nothing may be sent')),
      list: () => (isKnown ? Promise.resolve([message]) : Promise.reject(refused)),
    },
  }
}

test.each([
  [true, /^Twilio: the API key is good$/],
  [false, /^Twilio did not list messages: twilio 20003; check the API key/],
])('the check of an API key passes only if Twilio knows the key (%s)', async (isKnown, text) => {
  const check = await twilioSender({ client: clientOf(isKnown), from: '+14155550100' }).check?.()
  expect(check).toEqual({ ok: isKnown, text: expect.stringMatching(text) as string })
})
