/**
 * An attacker sends registrations: many at once, repeated, for somebody else, or with an attestation statement that
 * points elsewhere.
 */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, test } from 'vitest'

import type { PasskeysPart } from '../../src/factors/passkeys/rules/part.js'
import { mount, type HeldApp } from '../support/held-app.js'
import {
  addPasskey,
  beginPasskey,
  confirmPasskey,
  startPasskeyApp,
} from '../support/passkey-app.js'
import { SoftwarePasskey } from '../support/software-passkey.js'

async function keysOf(app: HeldApp): Promise<readonly unknown[]> {
  const part = (await app.store.read('1'))?.factors['passkey'] as PasskeysPart | undefined
  return part?.keys ?? []
}

test('one registration confirmed ten times at once stores one passkey', async () => {
  await using app = await startPasskeyApp()
  const alice = await app.login('alice')
  const begun = await beginPasskey(alice)
  const credential = new SoftwarePasskey().create(begun.options)
  const jars = Array.from({ length: 10 }, () => alice.copy())
  const answers = await Promise.all(jars.map((jar) => confirmPasskey(jar, begun, credential)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(await keysOf(app)).toHaveLength(1)
})

test('a second passkey for a confirmed setup is not stored', async () => {
  await using app = await startPasskeyApp()
  const alice = await app.login('alice')
  const begun = await beginPasskey(alice)
  await confirmPasskey(alice, begun, new SoftwarePasskey().create(begun.options))
  const again = await confirmPasskey(alice, begun, new SoftwarePasskey().create(begun.options))
  expect([again.status, again.json['code']]).toEqual([409, 'setup_expired'])
  expect(await keysOf(app)).toHaveLength(1)
})

test('of two password-only sessions, the second cannot add a passkey', async () => {
  await using app = await startPasskeyApp()
  const [alice, attacker] = [await app.login('alice'), await app.login('alice')]
  const begun = await beginPasskey(attacker)
  await addPasskey(alice, new SoftwarePasskey())
  const made = new SoftwarePasskey().create(begun.options)
  const answer = await confirmPasskey(attacker, begun, made)
  expect([answer.status, answer.json['code']]).toEqual([403, 'second_factor_required'])
  expect(await keysOf(app)).toHaveLength(1)
})

test('a setup from another session or another user is refused', async () => {
  await using app = await startPasskeyApp()
  const begun = await beginPasskey(await app.login('alice'))
  const credential = new SoftwarePasskey().create(begun.options)
  for (const username of ['alice', 'bob']) {
    const answer = await confirmPasskey(await app.login(username), begun, credential)
    expect([answer.status, answer.json['code']]).toEqual([409, 'setup_expired'])
  }
})

test('a passkey made for another setup of the same session is refused', async () => {
  await using app = await startPasskeyApp()
  const alice = await app.login('alice')
  const [one, other] = [await beginPasskey(alice), await beginPasskey(alice)]
  const answer = await confirmPasskey(alice, one, new SoftwarePasskey().create(other.options))
  expect([answer.status, answer.json['code']]).toEqual([403, 'passkey_rejected'])
  expect(await keysOf(app)).toEqual([])
})

test('a setup whose challenge has expired is refused with that reason', async () => {
  await using app = await startPasskeyApp()
  const alice = await app.login('alice')
  const begun = await beginPasskey(alice)
  app.clock.advance(300)
  const answer = await confirmPasskey(alice, begun, new SoftwarePasskey().create(begun.options))
  expect([answer.status, answer.json['code']]).toEqual([409, 'setup_expired'])
})

test('a passkey created without user presence, or for another domain, is not stored', async () => {
  await using app = await startPasskeyApp()
  const alice = await app.login('alice')
  const begun = await beginPasskey(alice)
  const other = new SoftwarePasskey()
  for (const credential of [
    new SoftwarePasskey().create(begun.options, { flags: 0x01 }),
    new SoftwarePasskey().create({ ...begun.options, rp: { id: 'evil.example', name: '' } }),
    { ...new SoftwarePasskey().create(begun.options), id: other.id, rawId: other.id },
  ]) {
    const answer = await confirmPasskey(alice, begun, credential)
    expect([answer.status, answer.json['code']]).toEqual([403, 'passkey_rejected'])
  }
  expect(await keysOf(app)).toEqual([])
})

test('an attestation statement is ignored, and no URL in it is ever fetched', async () => {
  let requests = 0
  const server = createServer((_req, res) => {
    requests += 1
    res.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/list.crl`
  try {
    await using app = await startPasskeyApp()
    const alice = await app.login('alice')
    for (const fmt of ['packed', 'tpm', 'android-key', 'apple', 'nonsense']) {
      const begun = await beginPasskey(alice)
      const statement = new Map([['x5c', [Buffer.from(url)]]])
      const attestation = { fmt, statement }
      const made = new SoftwarePasskey().create(begun.options, { attestation })
      expect((await confirmPasskey(alice, begun, made)).status).toBe(200)
    }
    expect(await keysOf(app)).toHaveLength(5)
    expect(requests).toBe(0)
  } finally {
    server.close()
  }
})

test('an unfinished setup does not make sign-in ask for a passkey', async () => {
  await using app = await startPasskeyApp()
  await beginPasskey(await app.login('alice'))
  const again = await app.login('alice')
  expect((await again.get(`${mount}/`)).json).toMatchObject({ methods: [] })
})
