/**
 * The attacker's account, or the victim's account they are in, is deleted, disabled or loses its phone while a code is
 * on its way or a session is in. From then on nobody may be in as that user, and nothing may crash.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { isIn, passedBrowser, verify } from '../support/in-or-out.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

test('the right code of a deleted user lets nobody in', async () => {
  const alice = await app.login('alice')
  const code = app.codeFor('alice')
  app.users.shift()

  expect((await verify(alice, code)).status).toBe(401)
  expect(await isIn(alice)).toBe(false)
  expect((await alice.page('/account')).headers.get('location')).toBe('/login')
  expect((await alice.post('/second-factor/challenge')).status).toBe(401)
  expect(app.faults).toEqual([])
})

test('a session is out as soon as its user is deleted', async () => {
  const alice = await passedBrowser(app, 'alice')
  app.users.shift()
  expect(await isIn(alice)).toBe(false)
  expect((await alice.post('/transfer')).status).toBe(401)
  expect((await alice.post('/logout')).status).toBe(204)
  expect(app.faults).toEqual([])
})

test('a new user with the same name does not inherit a session’s second factor', async () => {
  const alice = await passedBrowser(app, 'alice')
  app.users.shift()
  app.users.push({ id: 77, username: 'alice', phone: '+237671234567', verified: true })
  expect(await isIn(alice)).toBe(false)
  expect(await isIn(await app.login('alice'))).toBe(false)
})

test('a user whose phone was removed is sent no code, and no code passes', async () => {
  const [alice] = app.users
  const browser = await app.login('alice')
  const code = app.codeFor('alice')
  if (alice) alice.phone = null
  app.clock.advance(60)
  expect((await browser.post('/second-factor/challenge')).json['code']).toBe('destination_missing')
  expect((await verify(browser, code)).status).not.toBe(200)
  expect(await isIn(browser)).toBe(false)
  expect(app.inbox.inbox()).toHaveLength(1)
})
