/** An attacker has a copy of a passkey: how its signature counter, flags and user handle give it away. */

import { expect, test } from 'vitest'

import type { PasskeysPart } from '../../src/factors/passkeys/rules/part.js'
import type { HeldApp } from '../support/held-app.js'
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

async function counterOf(app: HeldApp): Promise<number | undefined> {
  const part = (await app.store.read('1'))?.factors['passkey'] as PasskeysPart | undefined
  return part?.keys[0]?.counter
}

function suspicionsOf(app: HeldApp): unknown[] {
  return app.events
    .filter((event) => event.type === 'passkey_suspicious')
    .map(({ reason, accepted }) => ({ reason, accepted }))
}

const copied = { reason: 'counter', accepted: false }
const behind = { reason: 'counter', accepted: true }

test.each([
  { stored: 0, next: 0, synced: false, passes: true, left: 0, told: [] },
  { stored: 0, next: 0, synced: true, passes: true, left: 0, told: [] },
  { stored: 0, next: 3, synced: false, passes: true, left: 3, told: [] },
  { stored: 0, next: 3, synced: true, passes: true, left: 3, told: [] },
  { stored: 5, next: 6, synced: false, passes: true, left: 6, told: [] },
  { stored: 5, next: 4_294_967_295, synced: true, passes: true, left: 4_294_967_295, told: [] },
  { stored: 5, next: 5, synced: false, passes: false, left: 5, told: [copied] },
  { stored: 5, next: 4, synced: false, passes: false, left: 5, told: [copied] },
  { stored: 5, next: 0, synced: false, passes: false, left: 5, told: [copied] },
  { stored: 5, next: 5, synced: true, passes: true, left: 5, told: [behind] },
  { stored: 5, next: 4, synced: true, passes: true, left: 5, told: [behind] },
  { stored: 5, next: 0, synced: true, passes: true, left: 5, told: [behind] },
])(
  'a counter going from $stored to $next (synced: $synced) passes: $passes',
  async ({ stored, next, synced, passes, left, told }) => {
    await using app = await startPasskeyApp()
    const passkey = new SoftwarePasskey({ synced, counter: stored })
    await addPasskey(await app.login('alice'), passkey)
    const answer = await signIn(await app.login('alice'), passkey, { counter: next })
    expect([answer.status, answer.json['code']]).toEqual(passes ? [200, undefined] : rejected)
    expect(await counterOf(app)).toBe(left)
    expect(suspicionsOf(app)).toEqual(told)
    expect(await failuresOf(app)).toBe(0)
  },
)

test('of two copies of an unsynced passkey that sign with one counter at once, one passes', async () => {
  await using app = await startPasskeyApp()
  const passkey = new SoftwarePasskey({ counter: 5 })
  await addPasskey(await app.login('alice'), passkey)
  const jars = await Promise.all([app.login('alice'), app.login('alice')])
  const asked = await Promise.all(jars.map((jar) => askFor(jar)))
  const answers = await Promise.all(
    jars.map((jar, index) => {
      const options = asked[index]
      if (options === undefined) throw new Error('there are two')
      return give(jar, passkey.get(options, { counter: 6 }))
    }),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
  expect(await counterOf(app)).toBe(6)
  expect(suspicionsOf(app)).toEqual([copied])
})

test('of two copies of a synced passkey that sign with one counter at once, both pass', async () => {
  await using app = await startPasskeyApp()
  const passkey = new SoftwarePasskey({ counter: 5, synced: true })
  await addPasskey(await app.login('alice'), passkey)
  const jars = await Promise.all([app.login('alice'), app.login('alice')])
  const answers = await Promise.all(jars.map((jar) => signIn(jar, passkey, { counter: 6 })))
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  expect(suspicionsOf(app)).toEqual([behind])
})

test.each([
  { before: false, now: 'may' },
  { before: true, now: 'may no longer' },
])(
  'a passkey that $now be copied is refused: backup eligibility is fixed for its lifetime',
  async ({ before }) => {
    await using app = await startPasskeyApp()
    const passkey = new SoftwarePasskey({ synced: before })
    await addPasskey(await app.login('alice'), passkey)
    passkey.synced = !before
    const answer = await signIn(await app.login('alice'), passkey)
    expect([answer.status, answer.json['code']]).toEqual(rejected)
    expect(suspicionsOf(app)).toEqual([{ reason: 'backup_eligibility', accepted: false }])
  },
)

test('a passkey with another user’s handle is refused; one without a handle is not', async () => {
  await using app = await startPasskeyApp()
  const passkey = new SoftwarePasskey()
  await addPasskey(await app.login('alice'), passkey)
  const alice = await app.login('alice')
  const answer = await signIn(alice, passkey, { userHandle: 'AAAAAAAAAAAAAAAAAAAAAA' })
  expect([answer.status, answer.json['code']]).toEqual(rejected)
  expect(suspicionsOf(app)).toEqual([{ reason: 'user_handle', accepted: false }])
  expect((await signIn(alice, passkey, { userHandle: null })).status).toBe(200)
})
