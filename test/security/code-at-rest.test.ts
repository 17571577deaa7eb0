/**
 * The attacker has a copy of the database and of the sessions, taken while a code was on its way. It must contain no
 * code, nothing that all million codes could be compared with, and nothing that passes.
 */

import { createHash, createHmac } from 'node:crypto'

import session from 'express-session'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { createKeyRing } from '../../src/core/keys.js'
import { deriveCode } from '../../src/factors/phone/rules/code.js'
import type { Challenge } from '../../src/factors/phone/rules/part.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { challengeOf } from '../support/in-or-out.js'
import { rowOf, withPhoneFields } from '../support/rows.js'

const secret = 'an exemplary secret of the tests, 32 bytes and more'

let app: TestApp
let sessions: session.MemoryStore
beforeEach(async () => {
  sessions = new session.MemoryStore()
  app = await startTestApp({ sessionStore: sessions, secondFactor: { secret } })
})
afterEach(() => app.close())

/** Every value in stored JSON, as a string. */
function leavesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)]
  return Object.values(value).flatMap(leavesOf)
}

const sessionsDump = () =>
  JSON.stringify((sessions as unknown as { sessions: Record<string, string> }).sessions)

test('neither the row nor the session holds the code; the session holds no phone either', async () => {
  await app.login('alice')
  const code = app.codeFor('alice')
  const row = JSON.stringify(await rowOf(app.store, '1'))
  expect(row).not.toContain(code)
  expect(row).not.toContain(secret)
  expect(sessionsDump()).toContain('loginAt')
  expect(sessionsDump()).not.toContain(code)
  expect(sessionsDump()).not.toContain('671234567')
})

test('every stored digest of the code depends on the secret', async () => {
  await app.login('alice')
  const code = app.codeFor('alice')
  const row = await rowOf(app.store, '1')
  const dump = JSON.stringify(row) + sessionsDump()
  const challenge = challengeOf(row)
  const known = ['', row.subject, ...leavesOf(challenge)]
  const digests: string[] = []
  for (const hash of ['md5', 'sha1', 'sha256', 'sha512']) {
    for (const one of known) {
      for (const text of [code + one, one + code, `${one}:${code}`, `${code}:${one}`]) {
        digests.push(createHash(hash).update(text).digest('hex'))
      }
      digests.push(createHmac(hash, one).update(code).digest('hex'))
      digests.push(createHmac(hash, code).update(one).digest('hex'))
    }
  }
  const spellings = digests.flatMap((hex) => {
    const bytes = Buffer.from(hex, 'hex')
    return [hex, bytes.toString('base64'), bytes.toString('base64url')]
  })
  expect(spellings.filter((digest) => dump.includes(digest.slice(0, 12)))).toEqual([])
})

test('the row verifies the code only under its own secret', async () => {
  await app.login('alice')
  const row = await rowOf(app.store, '1')
  const { subject } = row
  const challenge = challengeOf(row)
  const { code } = challenge
  if (code.owner !== 'local') throw new Error('a code of a vendor')
  expect(deriveCode(createKeyRing(secret), subject, challenge, 6)).toBe(app.codeFor('alice'))

  const guessed = Array.from({ length: 2000 }, (_, n) => {
    const ring = createKeyRing(`${String(n)} ${challenge.id} ${code.keyId} padding it`)
    expect(deriveCode(ring, subject, challenge, 6)).toBeNull()
    const ownCode = { owner: 'local', keyId: ring.issuingKeyId } as const
    return deriveCode(ring, subject, { ...challenge, code: ownCode }, 6)
  })
  expect(new Set(guessed).size).toBeGreaterThan(1950)
  expect(guessed.filter((code) => code === app.codeFor('alice')).length).toBeLessThan(3)
})

test('a row that was edited, or copied onto another user’s, lets no code pass', async () => {
  await app.login('alice')
  const mine = app.codeFor('alice')
  await app.login('bob')
  const [alices, bobs] = [await rowOf(app.store, '1'), await rowOf(app.store, '2')]
  const bob = app.users[1] as Express.User
  const put = async (challenge: Challenge) => {
    const { version } = await rowOf(app.store, '2')
    const next = { ...withPhoneFields(bobs, { challenge }), version: version + 1 }
    expect(await app.store.compareAndSwap('2', version, next)).toBe(true)
  }
  await put(challengeOf(alices))
  expect(await app.secondFactor.verify(bob, mine)).toMatchObject({ code: 'no_challenge' })
  await put({ ...challengeOf(alices), destination: challengeOf(bobs).destination })
  expect(await app.secondFactor.verify(bob, mine)).toMatchObject({ code: 'code_incorrect' })
})

test('replacing the phone in the row voids the code sent to the old one', async () => {
  await app.login('alice')
  const row = await rowOf(app.store, '1')
  const moved = { ...challengeOf(row), destination: '+14155550199' }
  const next = { ...withPhoneFields(row, { challenge: moved }), version: row.version + 1 }
  expect(await app.store.compareAndSwap('1', row.version, next)).toBe(true)
  const code = app.codeFor('alice')
  const [alice] = app.users
  expect(await app.secondFactor.verify(alice as Express.User, code)).toMatchObject({
    code: 'no_challenge',
  })
  // Even where the attacker has exchanged the phone of the user as well.
  Object.assign(alice ?? {}, { phone: moved.destination })
  expect(await app.secondFactor.verify(alice as Express.User, code)).toMatchObject({
    code: 'code_incorrect',
  })
})

test('a code survives a secret rotation while the old secret is kept, and no longer', async () => {
  await app.login('alice')
  const alice = app.users[0] as Express.User
  const code = app.codeFor('alice')
  const fresh = 'another exemplary secret of the tests, long enough'
  const start = (secrets: string[]) =>
    startTestApp({
      secondFactor: { secret: secrets, store: app.store, clock: () => app.clock.now },
    })
  const [without, kept] = [await start([fresh]), await start([fresh, secret])]
  try {
    expect(await without.secondFactor.verify(alice, code)).toMatchObject({ code: 'code_expired' })
    expect(await kept.secondFactor.verify(alice, code)).toMatchObject({ status: 'passed' })
  } finally {
    await Promise.all([without.close(), kept.close()])
  }
})
