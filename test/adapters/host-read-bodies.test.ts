/**
 * Hosting platforms that read the body before the application runs: a vendor's report is still verified against the
 * raw bytes they kept.
 */

import type { Express, Request } from 'express'
import express from 'express'
import { afterEach, describe, expect, test } from 'vitest'

import { Browser } from '../support/browser.js'
import {
  startReceiptsApp,
  textbeeBody,
  textbeeSecret,
  textbeeSignature,
  type ReceiptsApp,
} from '../support/receipts.js'

type Keep = (req: Request & { rawBody?: unknown }, bytes: Buffer) => void

let app: ReceiptsApp
afterEach(() => app.close())

/** Parses each body before the application sees it, as a host does, and keeps its bytes as `keep` says. */
async function hosted(keep: Keep): Promise<void> {
  const verify = (req: unknown, _res: unknown, bytes: Buffer) => {
    keep(req as Request, bytes)
  }
  app = await startReceiptsApp({
    before: (server: Express) => {
      server.use(express.json({ verify }), express.urlencoded({ verify, extended: false }))
    },
  })
}

const deliveryOf = async (browser: Browser) => {
  const { challenge } = (await browser.get('/second-factor/')).json
  return (challenge as { delivery?: string }).delivery
}

describe.each<[string, Keep]>([
  ['a Buffer', (req, bytes) => (req.rawBody = bytes)],
  ['a Uint8Array', (req, bytes) => (req.rawBody = new Uint8Array(bytes))],
  ['a string', (req, bytes) => (req.rawBody = bytes.toString('utf8'))],
])('a host that keeps the body as %s in req.rawBody', (_what, keep) => {
  test('accepts Twilio’s reports', async () => {
    await hosted(keep)
    const alice = await app.login('alice')
    expect((await app.twilio({ MessageStatus: 'delivered' })).status).toBe(200)
    expect(await deliveryOf(alice)).toBe('delivered')
  })

  test('accepts TextBee’s reports, and nothing that it has not signed', async () => {
    await hosted(keep)
    const alice = await app.login('alice')
    expect((await app.textbee({ webhookEvent: 'MESSAGE_SENT' })).status).toBe(200)
    expect(await deliveryOf(alice)).toBe('sent')
    const body = textbeeBody({ webhookEvent: 'MESSAGE_DELIVERED' })
    const forged = { 'X-Signature': textbeeSignature(textbeeSecret, `${body} `) }
    const answer = await fetch(`${app.url}/receipts/textbee`, {
      ...{ method: 'POST', body, headers: { 'Content-Type': 'application/json', ...forged } },
    })
    expect(answer.status).toBe(403)
    expect(await deliveryOf(alice)).toBe('sent')
  })

  test('refuses a body that no vendor sends', async () => {
    await hosted(keep)
    const answer = await fetch(`${app.url}/receipts/textbee`, {
      ...{ method: 'POST', body: JSON.stringify({ padding: 'x'.repeat(70_000) }) },
      headers: { 'Content-Type': 'application/json' },
    })
    expect(answer.status).toBe(413)
  })
})

test('a host that keeps no raw body gets an error with the remedy', async () => {
  await hosted(() => undefined)
  await app.twilio({ MessageStatus: 'delivered' })
  expect(String(app.faults[0])).toMatch(/mount it before express\.json\(\).*req\.rawBody/)
})
