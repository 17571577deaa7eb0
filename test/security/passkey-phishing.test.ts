/** An attacker stands in between: on another origin, in a frame, for another domain, or with a forged Host header. */

import { expect, test } from 'vitest'

import { appCode } from '../support/authenticator.js'
import type { Browser } from '../support/browser.js'
import { mount, setUpApp, type HeldApp } from '../support/held-app.js'
import {
  addPasskey,
  askFor,
  beginPasskey,
  confirmPasskey,
  failuresOf,
  give,
  signIn,
  startPasskeyApp,
} from '../support/passkey-app.js'
import { SoftwarePasskey, type Lies } from '../support/software-passkey.js'

const rejected = [403, 'passkey_rejected']

interface Scene extends AsyncDisposable {
  readonly app: HeldApp
  readonly passkey: SoftwarePasskey
  readonly alice: Browser
}

async function open(): Promise<Scene> {
  const app = await startPasskeyApp()
  const passkey = new SoftwarePasskey()
  await addPasskey(await app.login('alice'), passkey)
  const alice = await app.login('alice')
  return { app, passkey, alice, [Symbol.asyncDispose]: () => app.close() }
}

function mismatchesOf(app: HeldApp): unknown[] {
  return app.events.filter(({ type }) => type === 'passkey_origin_mismatch')
}

test.each<[string, Lies, object]>([
  ['a look-alike', { origin: 'https://example.com.evil' }, { origin: 'https://example.com.evil' }],
  ['a sibling', { origin: 'https://shop.example.com' }, { origin: 'https://shop.example.com' }],
  ['another port', { origin: 'https://example.com:8443' }, { origin: 'https://example.com:8443' }],
  ['plain HTTP', { origin: 'http://example.com' }, { origin: 'http://example.com' }],
  ['an opaque origin', { origin: 'null' }, { origin: 'null' }],
  [
    'a frame on another site',
    { client: { crossOrigin: true } },
    { origin: 'https://example.com', isCrossOrigin: true },
  ],
  [
    'a frame that hides that it is one',
    { client: { topOrigin: 'https://evil.example' } },
    { origin: 'https://example.com', isCrossOrigin: true },
  ],
])(
  'an assertion made on %s is refused, not counted, and operators hear of it',
  async (_, lies, said) => {
    await using scene = await open()
    const { app, passkey, alice } = scene
    const answer = await signIn(alice, passkey, lies)
    expect([answer.status, answer.json['code']]).toEqual(rejected)
    expect(await failuresOf(app)).toBe(0)
    expect(mismatchesOf(app)).toEqual([
      expect.objectContaining({ subject: '1', isCrossOrigin: false, ...said }),
    ])
    expect((await alice.get('/account')).status).toBe(403)
  },
)

test('a passkey made on another origin is not stored', async () => {
  await using app = await startPasskeyApp()
  const alice = await app.login('alice')
  const begun = await beginPasskey(alice)
  const made = new SoftwarePasskey().create(begun.options, { origin: 'https://example.com.evil' })
  const answer = await confirmPasskey(alice, begun, made)
  expect([answer.status, answer.json['code']]).toEqual(rejected)
  expect(mismatchesOf(app)).toHaveLength(1)
  expect((await app.store.read('1'))?.factors['passkey']).toBeUndefined()
})

test.each<[string, Lies]>([
  ['the parent domain', { rpId: 'com' }],
  ['a subdomain', { rpId: 'www.example.com' }],
])('an assertion for %s is refused, and not counted', async (_, lies) => {
  await using scene = await open()
  const { app, passkey, alice } = scene
  const answer = await signIn(alice, passkey, lies)
  expect([answer.status, answer.json['code']]).toEqual(rejected)
  expect(await failuresOf(app)).toBe(0)
})

test('an assertion without user presence is refused', async () => {
  await using scene = await open()
  const { app, passkey, alice } = scene
  const answer = await signIn(alice, passkey, { flags: 0x01 })
  expect([answer.status, answer.json['code']]).toEqual(rejected)
  expect(await failuresOf(app)).toBe(0)
})

test("without a PIN or a fingerprint nobody passes when userVerification is 'required'", async () => {
  await using app = await startPasskeyApp({ userVerification: 'required' })
  const alice = await app.login('alice')
  const begun = await beginPasskey(alice)
  const passkey = new SoftwarePasskey()
  const unverified = await confirmPasskey(alice, begun, passkey.create(begun.options))
  expect([unverified.status, unverified.json['code']]).toEqual(rejected)
  const verified = { flags: 0x04 }
  const added = await confirmPasskey(alice, begun, passkey.create(begun.options, verified))
  expect(added.status).toBe(200)
  const again = await app.login('alice')
  const answer = await signIn(again, passkey)
  expect([answer.status, answer.json['code']]).toEqual(rejected)
  expect(await failuresOf(app)).toBe(0)
  expect((await signIn(again, passkey, verified)).status).toBe(200)
})

test('a changed Host header changes neither the domain nor the origins', async () => {
  await using scene = await open()
  const { app, passkey, alice } = scene
  // Node's fetch keeps its own Host header, so that the path that proxies use is the way in.
  const forwarded = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
  const headers = { accept: 'application/json', 'content-type': 'application/json', ...forwarded }
  const asked = await alice.ask(`${mount}/challenge`, {
    ...{ method: 'POST', headers },
    body: JSON.stringify({ method: 'passkey' }),
  })
  const options = asked.json['options'] as Awaited<ReturnType<typeof askFor>>
  expect(options.rpId).toBe('example.com')
  for (const [lies, status] of [
    [{ origin: 'https://evil.example', rpId: 'evil.example' }, 403],
    [{ origin: app.url, rpId: '127.0.0.1' }, 403],
    [{}, 200],
  ] as const) {
    const body = JSON.stringify({ method: 'passkey', credential: passkey.get(options, lies) })
    const answer = await alice.ask(`${mount}/verify`, { method: 'POST', headers, body })
    expect(answer.status).toBe(status)
  }
})

test('picking a weaker factor does not pass a gate that requires phishing resistance', async () => {
  await using app = await startPasskeyApp(
    {},
    {},
    {
      routes(server, secondFactor) {
        const gate = secondFactor.gate({ phishingResistant: true })
        server.get('/payout', gate, (_req, res) => res.json({ paid: true }))
      },
    },
  )
  const { browser, secret } = await setUpApp(app)
  const passkey = new SoftwarePasskey()
  await addPasskey(browser, passkey)
  app.clock.advance(60)
  const attacker = await app.login('alice')
  const code = appCode(secret, app.clock.now)
  expect((await attacker.post(`${mount}/verify`, { method: 'totp', code })).status).toBe(200)
  expect((await attacker.get('/account')).status).toBe(200)
  const stopped = await attacker.get('/payout')
  expect([stopped.status, stopped.json]).toEqual([
    403,
    expect.objectContaining({ code: 'second_factor_insufficient', methods: ['passkey'] }),
  ])
  expect((await give(attacker, passkey.get(await askFor(attacker)))).status).toBe(200)
  expect((await attacker.get('/payout')).json).toEqual({ paid: true })
})
