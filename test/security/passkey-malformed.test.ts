/** An attacker sends what is not a credential: too long, too deep, of wrong types, or CBOR that never ends. */

import { expect, test } from 'vitest'

import { mount } from '../support/held-app.js'
import {
  addPasskey,
  askFor,
  beginPasskey,
  confirmPasskey,
  give,
  startPasskeyApp,
} from '../support/passkey-app.js'
import { encode, SoftwarePasskey, type Cbor } from '../support/software-passkey.js'

const text = (length: number) => 'A'.repeat(length)

test('a body of 20 kB is refused; one of 16 kB is read', async () => {
  await using app = await startPasskeyApp()
  await addPasskey(await app.login('alice'), new SoftwarePasskey())
  const alice = await app.login('alice')
  const send = (length: number) =>
    alice.post(`${mount}/verify`, { method: 'passkey', credential: text(length) })
  const [large, small] = [await send(20_000), await send(16_000)]
  expect([large.status, large.json['code']]).toEqual([413, 'body_too_large'])
  expect([small.status, small.json['code']]).toEqual([400, 'malformed_request'])
})

test('an id of 1,023 bytes is stored and found; a longer one is refused', async () => {
  await using app = await startPasskeyApp()
  const alice = await app.login('alice')
  const long = new SoftwarePasskey({ id: Buffer.alloc(1023, 7) })
  await addPasskey(alice, long)
  expect((await give(alice, long.get(await askFor(alice)))).status).toBe(200)
  const begun = await beginPasskey(alice)
  const longer = new SoftwarePasskey({ id: Buffer.alloc(1024, 7) })
  const answer = await confirmPasskey(alice, begun, longer.create(begun.options))
  expect([answer.status, answer.json['code']]).toEqual([400, 'malformed_request'])
})

test('five passkeys with ids of 1,023 bytes can be added, and all are offered at sign-in', async () => {
  await using app = await startPasskeyApp()
  const alice = await app.login('alice')
  const all = [1, 2, 3, 4, 5].map((byte) => new SoftwarePasskey({ id: Buffer.alloc(1023, byte) }))
  for (const passkey of all) await addPasskey(alice, passkey)
  const page = await alice.page(`${mount}/use/passkey`)
  expect(page.status).toBe(200)
  expect((await askFor(await app.login('alice'))).allowCredentials).toHaveLength(5)
})

test('credentials of wrong types and shapes are refused as malformed, at setup and sign-in', async () => {
  await using app = await startPasskeyApp()
  const passkey = new SoftwarePasskey()
  await addPasskey(await app.login('alice'), passkey)
  const alice = await app.login('alice')
  const good = passkey.get(await askFor(alice))
  const { response } = good
  const deep = '['.repeat(7000) + ']'.repeat(7000)
  const odd: unknown[] = [
    ...[undefined, null, 1, true, '', '{', 'null', '[]', '"x"', deep, [], {}, [good]],
    ...[
      { ...good, id: '' },
      { ...good, id: 'a=b' },
      { ...good, rawId: 'other' },
    ],
    ...[
      { ...good, id: ['x'] },
      { ...good, id: text(1366) },
      { ...good, type: 'password' },
    ],
    ...[
      { ...good, response: null },
      { ...good, response: [] },
      { ...good, response: 'x' },
    ],
    ...['clientDataJSON', 'authenticatorData', 'signature'].flatMap((name) =>
      [undefined, null, 1, '', {}, 'a b', '\u0000'].map((value) => ({
        ...good,
        response: { ...response, [name]: value },
      })),
    ),
    ...[1, {}, []].map((userHandle) => ({ ...good, response: { ...response, userHandle } })),
    JSON.parse('{"__proto__":{"id":"AAAA","type":"public-key","response":{}}}'),
  ]
  for (const credential of odd) {
    const sent = await alice.post(`${mount}/verify`, { method: 'passkey', credential })
    expect([sent.status, sent.json['code'], credential]).toEqual([
      ...[400, 'malformed_request', credential],
    ])
  }
  const bob = await app.login('bob')
  const { setup } = await beginPasskey(bob)
  for (const credential of odd) {
    const sent = await bob.post(`${mount}/factors/passkey/confirm`, { setup, credential })
    expect([sent.status, credential]).toEqual([400, credential])
  }
  expect(app.faults).toEqual([])
})

test('signed nonsense is refused without a fault', async () => {
  await using app = await startPasskeyApp()
  const passkey = new SoftwarePasskey()
  await addPasskey(await app.login('alice'), passkey)
  const alice = await app.login('alice')
  const options = await askFor(alice)
  const good = passkey.get(options)
  const client = (value: string) => Buffer.from(value).toString('base64url')
  const fields: readonly Readonly<Record<string, unknown>>[] = [
    ...['null', '[]', '1', '"x"', '{', '{"__proto__":null}', '{"type":"webauthn.get"}'].map(
      (value) => ({ clientDataJSON: client(value) }),
    ),
    { clientDataJSON: client('{"type":"webauthn.get","challenge":1,"origin":[]}') },
    { clientDataJSON: client(`${'['.repeat(4000)}${']'.repeat(4000)}`) },
    ...[1, 36, 37, 38, 500].map((length) => ({
      authenticatorData: Buffer.alloc(length, 0xff).toString('base64url'),
    })),
    ...[1, 8, 64, 70, 2000].map((length) => ({
      signature: Buffer.alloc(length, 0x30).toString('base64url'),
    })),
  ]
  for (const changed of fields) {
    const response = { ...good.response, ...changed }
    const sent = await give(alice, { ...good, response })
    expect([sent.status, sent.json['code']]).toEqual([403, 'passkey_rejected'])
  }
  expect(app.faults).toEqual([])
})

test('CBOR that never ends or nests endlessly is refused without a fault', async () => {
  await using app = await startPasskeyApp()
  const alice = await app.login('alice')
  const begun = await beginPasskey(alice)
  const good = new SoftwarePasskey().create(begun.options)
  const authData = (data: Buffer) =>
    encode(
      new Map<Cbor, Cbor>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', data],
      ]),
    )
  const bombs = [
    Buffer.from([0x9f]),
    Buffer.from([0xbf, 0x61, 0x61]),
    Buffer.from([0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    Buffer.from([0xbb, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    Buffer.from([0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    Buffer.alloc(8000, 0x81),
    Buffer.alloc(8000, 0xa1),
    authData(Buffer.alloc(0)),
    authData(Buffer.alloc(36)),
    authData(Buffer.concat([Buffer.alloc(32), Buffer.from([0xc5]), Buffer.alloc(5000, 0x81)])),
  ]
  for (const bomb of bombs) {
    const response = { ...good.response, attestationObject: bomb.toString('base64url') }
    const sent = await confirmPasskey(alice, begun, { ...good, response })
    expect([sent.status, sent.json['code']]).toEqual([403, 'passkey_rejected'])
  }
  expect(app.faults).toEqual([])
})
