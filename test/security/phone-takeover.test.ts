/**
 * The attacker has the password, or a session left open, and wants codes on their own phone: by changing the phone, by
 * naming another one when asking for a code, or by verifying one phone and having another stored. A verified phone
 * must change only for a person who has just passed the second factor with the old one, and only to the phone the code
 * was sent to.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { isIn, passedBrowser, verify } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

const mine = '+14155550199'
const theirs = '+237671234567'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

const askFor = (browser: Browser, phone: unknown) => browser.post('/second-factor/phone', { phone })
const submitCode = (browser: Browser, code = app.inbox.inbox(mine)[0]?.code) =>
  browser.post('/second-factor/phone/verify', { code })
const alicesPhone = () => app.users[0]?.phone

test('the password alone cannot change a verified phone', async () => {
  const attacker = await app.login('alice')
  expect((await askFor(attacker, mine)).json['code']).toBe('second_factor_required')
  expect((await submitCode(attacker, '123456')).status).not.toBe(200)
  expect(app.inbox.inbox(mine)).toEqual([])
  expect(alicesPhone()).toBe(theirs)
})

test('a session with an old second factor cannot change the phone', async () => {
  const attacker = await passedBrowser(app, 'alice')
  app.clock.advance(301)
  expect((await askFor(attacker, mine)).json['code']).toBe('second_factor_stale')
  expect(app.inbox.inbox(mine)).toEqual([])
})

test('a change begun in time cannot be saved for later', async () => {
  const attacker = await passedBrowser(app, 'alice')
  expect((await askFor(attacker, mine)).status).toBe(201)
  for (let hours = 0; hours < 3; hours += 1) {
    app.clock.advance(3600)
    await attacker.post('/second-factor/challenge')
    const code = app.inbox.inbox(mine)[0]?.code
    expect((await submitCode(attacker, code)).status).not.toBe(200)
  }
  expect(alicesPhone()).toBe(theirs)
})

test('a change begun in time and verified within its code’s lifetime goes through', async () => {
  const alice = await passedBrowser(app, 'alice')
  app.clock.advance(300)
  await askFor(alice, mine)
  app.clock.advance(305)
  expect((await submitCode(alice)).status).toBe(200)
  expect(alicesPhone()).toBe(mine)
  expect(await isIn(alice)).toBe(true)
})

test('a phone named in a request for a sign-in code is sent nothing', async () => {
  const attacker = await app.login('alice')
  app.clock.advance(30)
  const named = { phone: mine, to: mine, destination: mine, number: mine }
  const query = `?${new URLSearchParams(named).toString()}`
  expect((await attacker.post(`/second-factor/challenge${query}`, named)).status).toBe(201)
  expect(app.inbox.inbox().map(({ to }) => to)).toEqual([theirs, theirs])
})

test('the stored phone is the one the code was sent to, whatever the body says', async () => {
  const carol = await app.login('carol')
  await askFor(carol, mine)
  const answer = await carol.post('/second-factor/phone/verify', {
    code: app.inbox.inbox(mine)[0]?.code,
    ...{ phone: theirs, to: theirs, destination: theirs, user: 1 },
  })
  expect(answer.status).toBe(200)
  expect(app.users[2]).toMatchObject({ phone: mine, verified: true })
  expect(alicesPhone()).toBe(theirs)
})

test('asking for a second phone voids the first one’s code', async () => {
  const carol = await app.login('carol')
  await askFor(carol, mine)
  const first = app.inbox.inbox(mine)[0]?.code
  app.clock.advance(30)
  await askFor(carol, '+14155550198')
  expect((await submitCode(carol, first)).json['code']).toBe('code_incorrect')
  expect(app.users[2]?.verified).toBe(false)
})

test('a first phone requested with the password alone is void once another is verified', async () => {
  const attacker = await app.login('erin')
  app.clock.advance(30)
  await askFor(attacker, mine)
  const code = app.inbox.inbox(mine)[0]?.code
  app.clock.advance(60)
  await passedBrowser(app, 'erin')
  expect(app.users[3]).toMatchObject({ phone: '+14155550123', verified: true })

  expect((await submitCode(attacker, code)).status).not.toBe(200)
  expect(app.users[3]?.phone).toBe('+14155550123')
  expect(await isIn(attacker)).toBe(false)
})

test('a change ends all the user’s other sessions, and any code they wait for', async () => {
  const other = await passedBrowser(app, 'alice')
  app.clock.advance(60)
  const owner = await passedBrowser(app, 'alice')
  app.clock.advance(60)
  const pending = await app.login('alice')
  const code = app.codeFor('alice')
  app.clock.advance(60)
  await askFor(owner, mine)
  expect((await submitCode(owner)).status).toBe(200)

  expect(await isIn(owner)).toBe(true)
  expect(await isIn(other)).toBe(false)
  expect((await verify(pending, code)).status).not.toBe(200)
  expect(app.events.filter(({ type }) => type === 'phone_verified')).toHaveLength(1)
})

test('a change under a flood of guesses from another session leaves one phone and one grant', async () => {
  const owner = await passedBrowser(app, 'alice')
  const guesser = await app.login('alice')
  app.clock.advance(60)
  await askFor(owner, mine)
  const code = app.inbox.inbox(mine)[0]?.code
  const floods = Array.from({ length: 20 }, () => verify(guesser.copy(), code ?? ''))
  const [changed] = await Promise.all([submitCode(owner, code), ...floods])

  expect(changed.status).toBe(200)
  expect(alicesPhone()).toBe(mine)
  expect((await rowOf(app.store, '1')).grants).toHaveLength(1)
  expect(await isIn(guesser)).toBe(false)
})

test('a stranger who burns an account of their own on the victim’s phone hurts only that account', async () => {
  const stranger = await app.login('carol')
  await askFor(stranger, theirs)
  for (let n = 0; n < 5; n += 1) await submitCode(stranger, '000000')
  const alice = await passedBrowser(app, 'alice')
  expect(await isIn(alice)).toBe(true)
  expect((await rowOf(app.store, '1')).failures).toBe(0)
  expect(app.users[2]?.phone).toBeNull()
})

test('a code sent to a phone that the application has since replaced lets nobody in', async () => {
  const attacker = await app.login('alice')
  const code = app.codeFor('alice')
  const [alice] = app.users
  for (const phone of [mine, null]) {
    if (alice) alice.phone = phone
    expect((await verify(attacker, code)).status).not.toBe(200)
    expect(await isIn(attacker)).toBe(false)
  }
  expect((await rowOf(app.store, '1')).grants).toEqual([])
})

test.each([
  ['a list', [mine, theirs]],
  ['an object', { number: mine }],
  ['a number', 14155550199],
  ['two phones', `${mine},${theirs}`],
  ['an extension', `${mine};ext=1`],
  ['two lines', `${mine}\n${theirs}`],
  ['a NUL byte', `${mine}\u0000`],
  ['a reversed text', '\u202E+14155550199'],
  ['endless digits', '1'.repeat(4000)],
  ['a body too large', '1'.repeat(100_000)],
  ['null', null],
  ['nothing', ''],
])('a phone given as %s is refused, and nothing is sent', async (_what, phone) => {
  const carol = await app.login('carol')
  const answer = await askFor(carol, phone)
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).toBeLessThan(500)
  expect(app.inbox.inbox()).toEqual([])
})
