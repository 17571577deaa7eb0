/** An attacker who knows the password signs with another key: their own, a removed one, or none at all. */

import { expect, test } from 'vitest'

import { mount } from '../support/held-app.js'
import {
  addPasskey,
  askFor,
  failuresOf,
  give,
  signIn,
  startPasskeyApp,
} from '../support/passkey-app.js'
import { SoftwarePasskey } from '../support/software-passkey.js'

const rejected = [403, 'passkey_rejected']

test('an attacker who signs the challenge of a victim with their own passkey is refused, and counted', async () => {
  await using app = await startPasskeyApp()
  const [theirs, own] = [new SoftwarePasskey(), new SoftwarePasskey()]
  await addPasskey(await app.login('alice'), theirs)
  await addPasskey(await app.login('bob'), own)
  const attacker = await app.login('alice')
  const answer = await signIn(attacker, own, { userHandle: theirs.handle })
  expect([answer.status, answer.json['code']]).toEqual(rejected)
  expect((await attacker.get('/account')).status).toBe(403)
  expect(await failuresOf(app)).toBe(1)
})

test('an attacker who names the passkey of a victim and signs with their own key is refused, and counted', async () => {
  await using app = await startPasskeyApp()
  const [theirs, own] = [new SoftwarePasskey(), new SoftwarePasskey()]
  await addPasskey(await app.login('alice'), theirs)
  const attacker = await app.login('alice')
  const answer = await signIn(attacker, own, { id: theirs.id, userHandle: theirs.handle })
  expect([answer.status, answer.json['code']]).toEqual(rejected)
  expect(await failuresOf(app)).toBe(1)
})

test('a removed passkey in a thief’s hands is refused and counted', async () => {
  await using app = await startPasskeyApp()
  const owner = await app.login('alice')
  const [stolen, kept] = [new SoftwarePasskey(), new SoftwarePasskey()]
  const id = await addPasskey(owner, stolen)
  await addPasskey(owner, kept)
  await owner.delete(`${mount}/factors/${id}`)
  const answer = await signIn(await app.login('alice'), stolen)
  expect([answer.status, answer.json['code']]).toEqual(rejected)
  expect(await failuresOf(app)).toBe(1)
})

test('a thief whose challenge predates the removal is refused as well', async () => {
  await using app = await startPasskeyApp()
  const owner = await app.login('alice')
  const [stolen, kept] = [new SoftwarePasskey(), new SoftwarePasskey()]
  const id = await addPasskey(owner, stolen)
  await addPasskey(owner, kept)
  const thief = await app.login('alice')
  const options = await askFor(thief)
  await owner.delete(`${mount}/factors/${id}`)
  const answer = await give(thief, stolen.get(options))
  expect([answer.status, answer.json['code']]).toEqual(rejected)
})

test('an attacker who keeps trying keys locks codes, but the owner still passes by passkey', async () => {
  await using app = await startPasskeyApp()
  const theirs = new SoftwarePasskey()
  await addPasskey(await app.login('alice'), theirs)
  const attacker = await app.login('alice')
  for (let tries = 0; tries < 10; tries += 1) {
    const answer = await signIn(attacker, new SoftwarePasskey())
    expect([answer.status, answer.json['code']]).toEqual(rejected)
  }
  expect(app.events.filter(({ type }) => type === 'locked')).toEqual([
    expect.objectContaining({ subject: '1', failures: 10 }),
  ])
  const locked = await signIn(attacker, new SoftwarePasskey())
  expect([locked.status, locked.json['code']]).toEqual([429, 'locked_out'])
  expect(await failuresOf(app)).toBe(10)
  expect((await signIn(await app.login('alice'), theirs)).status).toBe(200)
  expect(await failuresOf(app)).toBe(0)
})
