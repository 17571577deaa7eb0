/**
 * When a vendor reports fraud, the range of numbers around that phone is blocked for everybody: asking for the next
 * number would only evade the block.
 */

import { expect, test } from 'vitest'

import { twilioSender } from '../../src/adapters/twilio/index.js'
import { failoverSender, memoryCounts } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { startHostedApp, twilioFault } from '../support/hosted-app.js'
import { phoneInRow } from '../support/limited-rig.js'
import { startTwilioStandIn } from '../support/twilio-stand-in.js'

/** Enrols a phone as carol, who has none, each time in a new session. */
async function enrol(app: TestApp, phone: string): Promise<unknown> {
  app.clock.advance(900)
  const carol = await app.login('carol')
  return (await carol.post('/second-factor/phone', { phone })).json['code'] ?? 'sent'
}

test('after a vendor blocks an attacker’s phone, no vendor sends to the next number in its range', async () => {
  const [first, second] = [await startTwilioStandIn(), await startTwilioStandIn()]
  const senders = [first, second].map(({ account, baseUrl }) =>
    twilioSender({ ...account, baseUrl, from: '+15550006789' }),
  )
  const limits = { counts: memoryCounts() }
  const app = await startTestApp({ sender: failoverSender(senders), secondFactor: { limits } })
  try {
    first.script(twilioFault(403, 60410))
    expect(await enrol(app, phoneInRow(1, '+23767124'))).toBe('destination_blocked')
    expect(await enrol(app, phoneInRow(2, '+23767124'))).toBe('destination_blocked')
    expect([first.requests.length, second.requests.length]).toEqual([1, 0])
    expect(await enrol(app, phoneInRow(2, '+23767125'))).toBe('sent')
    app.clock.advance(13 * 3_600)
    expect(await enrol(app, phoneInRow(3, '+23767124'))).toBe('sent')
  } finally {
    await Promise.all([app.close(), first.close(), second.close()])
  }
})

test('the same holds when the vendor makes the codes, and sign-ins there are refused as well', async () => {
  const limits = { counts: memoryCounts(), key: 'a key of the limits, of 32 bytes or more' }
  const app = await startHostedApp({ secondFactor: { limits } })
  try {
    app.twilio.script(twilioFault(403, 60410))
    expect(await enrol(app, phoneInRow(1, '+23767123'))).toBe('destination_blocked')
    const asked = app.twilio.requests.length
    const login = await app.browser().post('/login', { username: 'alice', password: 'password' })
    expect(JSON.stringify(login.json)).toContain('destination_blocked')
    expect(app.twilio.requests.length).toBe(asked)
    expect(await enrol(app, phoneInRow(1, '+23767125'))).toBe('sent')
  } finally {
    await app.close()
  }
})
