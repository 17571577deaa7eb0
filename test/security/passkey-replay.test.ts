/** An attacker has captured a passkey assertion and sends it again: anywhere, at any time, for any purpose. */

import { expect, test } from 'vitest'

import type { Browser } from '../support/browser.js'
import type { HeldApp } from '../support/held-app.js'
import {
  addPasskey,
  askFor,
  beginPasskey,
  confirmPasskey,
  failuresOf,
  give,
  startPasskeyApp,
} from '../support/passkey-app.js'
import { SoftwarePasskey, type CredentialJson } from '../support/software-passkey.js'

const rejected = [403, 'passkey_rejected']

interface Scene extends AsyncDisposable {
  readonly app: HeldApp
  readonly passkey: SoftwarePasskey
  readonly alice: Browser
}

async function open(): Promise<Scene> {
  const app = await startPasskeyApp()
  // One that does not count, so that no counter helps.
  const passkey = new SoftwarePasskey({ counter: null })
  await addPasskey(await app.login('alice'), passkey)
  const alice = await app.login('alice')
  return { app, passkey, alice, [Symbol.asyncDispose]: () => app.close() }
}

async function expectRejected(browser: Browser, credential: CredentialJson) {
  const answer = await give(browser, credential)
  expect([answer.status, answer.json['code']]).toEqual(rejected)
}

test('one assertion sent twenty times at once in one session passes once', async () => {
  await using scene = await open()
  const { app, passkey, alice } = scene
  const credential = passkey.get(await askFor(alice))
  const jars = Array.from({ length: 20 }, () => alice.copy())
  const answers = await Promise.all(jars.map((jar) => give(jar, credential)))
  const statuses = answers.map(({ status }) => status).filter((status) => status === 200)
  expect(statuses).toHaveLength(1)
  expect((await app.store.read('1'))?.grants).toHaveLength(2)
  // The others were refused by the row, and not only once the session had another id.
  expect(app.events.filter(({ type }) => type === 'grant_revoked')).toEqual([])
})

test('an assertion that has passed is refused in the same session, after a logout, and in another tab', async () => {
  await using scene = await open()
  const { app, passkey, alice } = scene
  const tab = alice.copy()
  const credential = passkey.get(await askFor(alice))
  expect((await give(alice, credential)).status).toBe(200)
  await expectRejected(alice, credential)
  const old = await give(tab, credential)
  expect([old.status, old.json['code']]).toEqual([401, 'login_required'])
  await alice.post('/logout')
  await expectRejected(await app.login('alice'), credential)
  expect(await failuresOf(app)).toBe(0)
})

test('the challenge of another session of the same user is refused', async () => {
  await using scene = await open()
  const { app, passkey, alice } = scene
  const credential = passkey.get(await askFor(alice))
  await expectRejected(await app.login('alice'), credential)
  // It was refused there, and is still good here.
  expect((await give(alice, credential)).status).toBe(200)
})

test('the challenge of another user is refused', async () => {
  await using scene = await open()
  const { app, passkey, alice } = scene
  const own = new SoftwarePasskey()
  await addPasskey(await app.login('bob'), own)
  const options = await askFor(await app.login('bob'))
  await expectRejected(alice, passkey.get(options))
})

test('an assertion five minutes after its challenge is refused but not counted', async () => {
  await using scene = await open()
  const { app, passkey, alice } = scene
  const options = await askFor(alice)
  app.clock.advance(299)
  expect((await give(alice.copy(), passkey.get(options))).status).toBe(200)
  const late = await app.login('alice')
  const other = await askFor(late)
  app.clock.advance(300)
  await expectRejected(late, passkey.get(other))
  expect(await failuresOf(app)).toBe(0)
})

test('a challenge that the attacker made up, or changed, is refused', async () => {
  await using scene = await open()
  const { passkey, alice } = scene
  const options = await askFor(alice)
  const bytes = Buffer.from(options.challenge, 'base64url')
  bytes[17] = (bytes[17] ?? 0) + 1
  for (const challenge of [
    ...['AAAA', 'A'.repeat(72), bytes.toString('base64url'), `${options.challenge}=`],
    options.challenge.toUpperCase(),
  ]) {
    await expectRejected(alice, passkey.get(options, { challenge }))
  }
})

test('a setup challenge cannot sign in, and a sign-in challenge cannot set up', async () => {
  await using scene = await open()
  const { app, passkey, alice } = scene
  const owner = await app.login('alice')
  await give(owner, passkey.get(await askFor(owner)))
  const begun = await beginPasskey(owner)
  const request = await askFor(owner)
  const { challenge } = begun.options
  await expectRejected(owner, passkey.get({ ...request, challenge }))
  await expectRejected(owner, passkey.get(request, { type: 'webauthn.create' }))
  expect(await failuresOf(app)).toBe(0)
  const other = new SoftwarePasskey()
  const lies = [{ challenge: request.challenge }, { type: 'webauthn.get' }]
  for (const lie of lies) {
    const answer = await confirmPasskey(owner, begun, other.create(begun.options, lie))
    expect([answer.status, answer.json['code']]).toEqual(rejected)
  }
  // A set-up's response is no sign-in, and the reverse: neither has the fields of the other.
  const asSignIn = await give(alice, other.create(begun.options))
  const asSetUp = await confirmPasskey(owner, begun, passkey.get(request))
  for (const answer of [asSignIn, asSetUp]) {
    expect([answer.status, answer.json['code']]).toEqual([400, 'malformed_request'])
  }
})
