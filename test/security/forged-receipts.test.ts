/**
 * The attacker posts delivery receipts: forged, altered, and genuine ones repeated. A forged one is refused and leaves
 * no trace; a genuine one reports how far a message has come, and never lets anybody in, ends a lock, gives back a
 * guess or sends a message.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import type { Answer } from '../support/browser.js'
import { challengeOf } from '../support/in-or-out.js'
import { wrongCode } from '../support/codes.js'
import { captureOutput, shown } from '../support/output-capture.js'
import { rawRequest } from '../support/raw-request.js'
import {
  formOf,
  publicUrl,
  startReceiptsApp,
  textbeeBody,
  textbeeSecret,
  textbeeSignature,
  twilioFields,
  twilioSignature,
  twilioToken,
  type ReceiptsApp,
} from '../support/receipts.js'
import { rowOf, withPhoneFields } from '../support/rows.js'

let app: ReceiptsApp
beforeEach(async () => {
  app = await startReceiptsApp()
})
afterEach(() => app.close())

/** Everything that a receipt could leave behind. */
async function traces(): Promise<unknown> {
  return {
    rows: [await app.store.read('1'), await app.store.read('2')],
    events: app.events.length,
    messages: app.inbox.inbox().length,
    faults: app.faults.length,
  }
}

test('a forged receipt is refused and leaves no trace', async () => {
  await app.login('alice')
  const before = await traces()
  const delivered = { MessageStatus: 'delivered' }
  const url = `${publicUrl}/receipts/twilio`
  const signed = twilioSignature(twilioToken, url, twilioFields())
  const answers: Answer[] = [
    await app.twilio(delivered, { 'x-twilio-signature': '' }),
    await app.twilio(delivered, { 'x-twilio-signature': signed }),
    await app.twilio(delivered, {
      'x-twilio-signature': twilioSignature('guess', url, twilioFields(delivered)),
    }),
    await app.send('/receipts/twilio', formOf(twilioFields(delivered)), {}),
    await app.textbee({ webhookEvent: 'MESSAGE_DELIVERED' }, { 'x-signature': '0'.repeat(64) }),
    await app.textbee(
      { webhookEvent: 'MESSAGE_DELIVERED' },
      { 'x-signature': textbeeSignature(textbeeSecret, textbeeBody()) },
    ),
    await app.send('/receipts/textbee', textbeeBody(), {}),
    await app.send('/receipts/textbee', '', {}),
  ]
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403))
  expect(await traces()).toEqual(before)
})

test('one vendor’s signature is worthless at the other’s endpoint', async () => {
  const body = textbeeBody()
  const signature = textbeeSignature(textbeeSecret, body)
  const headers = { 'x-signature': signature, 'x-twilio-signature': signature }
  expect((await app.send('/receipts/twilio', body, headers)).status).toBe(403)
})

test('the request’s host changes nothing: only the configured URL is signed', async () => {
  const alice = await app.login('alice')
  const fields = twilioFields({ MessageStatus: 'delivered' })
  const post = async (host: string, signedFor: string) =>
    rawRequest(app.url, {
      method: 'POST',
      path: '/receipts/twilio',
      headers: {
        host,
        'x-forwarded-host': host,
        'x-forwarded-proto': 'https',
        forwarded: `host=${host};proto=https`,
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': twilioSignature(twilioToken, `${signedFor}/receipts/twilio`, fields),
      },
      body: formOf(fields),
    })
  expect((await post('evil.example', 'https://evil.example')).status).toBe(403)
  expect((await alice.get('/second-factor/')).json['challenge']).toMatchObject({
    delivery: 'accepted',
  })
  expect((await post('evil.example', publicUrl)).status).toBe(200)
  expect((await alice.get('/second-factor/')).json['challenge']).toMatchObject({
    delivery: 'delivered',
  })
})

test('a genuine receipt repeated a hundred times and out of order counts once', async () => {
  await app.login('alice')
  await app.twilio({ MessageStatus: 'delivered' })
  const before = await traces()
  const statuses = ['queued', 'sent', 'delivered', 'failed']
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      app.twilio({ MessageStatus: statuses[index % statuses.length] ?? '' }),
    ),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(await traces()).toEqual(before)
})

test('a hundred genuine receipts at once leave the final status', async () => {
  await app.login('alice')
  const { version } = await rowOf(app.store, '1')
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      app.textbee({ webhookEvent: index === 50 ? 'MESSAGE_DELIVERED' : 'MESSAGE_SENT' }),
    ),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  const row = await rowOf(app.store, '1')
  expect(challengeOf(row).receipt?.status).toBe('delivered')
  expect(row.version).toBeLessThanOrEqual(version + 2)
})

test('a genuine receipt for one user’s phone with another’s message id changes neither', async () => {
  await app.login('alice')
  await app.login('bob')
  const rows = async () => [await app.store.read('1'), await app.store.read('2')]
  const before = await rows()
  for (const MessageSid of ['SM1', 'SM3', '', 'SM1,SM2']) {
    const answer = await app.twilio({ MessageSid, To: '+919876543210', MessageStatus: 'failed' })
    expect(answer.status).toBe(200)
  }
  expect(await rows()).toEqual(before)
})

test('a receipt lets nobody in, restores no guess, ends no lock and sends nothing', async () => {
  const alice = await app.login('alice')
  const wrong = wrongCode(app.codeFor('alice'))
  for (let guess = 0; guess < 5; guess += 1)
    await alice.post('/second-factor/verify', { code: wrong })
  const before = await rowOf(app.store, '1')
  for (const MessageStatus of ['sent', 'delivered', 'failed']) await app.twilio({ MessageStatus })
  const after = await rowOf(app.store, '1')
  const { receipt } = challengeOf(before)
  expect(challengeOf(after).receipt).not.toEqual(receipt)
  const others = withPhoneFields(after, { challenge: { ...challengeOf(after), receipt } })
  expect({ ...others, version: 0 }).toEqual({ ...before, version: 0 })
  expect((await alice.get('/account')).status).toBe(403)
  expect(
    (await alice.post('/second-factor/verify', { code: app.codeFor('alice') })).json,
  ).toMatchObject({ code: 'attempts_exhausted' })
  expect(app.inbox.inbox()).toHaveLength(1)
})

test('the code in a webhook, the token, the secret and the phone reach no log and no event', async () => {
  const output = captureOutput()
  try {
    await app.login('alice')
    await app.textbee({ webhookEvent: 'MESSAGE_FAILED', errorMessage: '804213' })
    await app.textbee({ webhookEvent: 'MESSAGE_SENT', smsBatchId: 'unknown' })
    await app.textbee({}, { 'x-signature': 'forged' })
    await app.twilio({ MessageStatus: 'failed', ErrorMessage: '804213 to +237671234567' })
    await app.twilio({ To: '+237671234568' })
  } finally {
    output.stop()
  }
  expect(app.events.filter(({ type }) => type === 'delivery_reported')).toHaveLength(3)
  const told = [
    output.text(),
    shown(app.events),
    shown(app.faults),
    shown(await rowOf(app.store, '1')),
  ].join()
  for (const secret of ['804213', twilioToken, textbeeSecret]) expect(told).not.toContain(secret)
  expect([output.text(), shown(app.events)].join()).not.toContain('67123456')
})
