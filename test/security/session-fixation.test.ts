/**
 * The attacker plants a session id in the victim's browser, or copies the one it has before the victim proves
 * anything, and waits. Each proof must give the session a new id, and the earlier id must never reach the gated page.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { isIn, verify } from '../support/in-or-out.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp({ session: { saveUninitialized: true } })
})
afterEach(() => app.close())

test('a planted session id is worthless once the victim has logged in', async () => {
  const attacker = app.browser()
  await attacker.get('/profile')
  expect(attacker.cookies.size).toBe(1)
  const victim = attacker.copy()

  await victim.post('/login', { username: 'alice', password: 'password' })
  expect(victim.cookies).not.toEqual(attacker.cookies)
  expect((await verify(attacker.copy(), app.codeFor('alice'))).status).toBe(401)
  await verify(victim, app.codeFor('alice'))
  expect(await isIn(victim)).toBe(true)
  expect(await isIn(attacker)).toBe(false)
})

test('a session id copied between password and code has not passed after the code', async () => {
  const victim = await app.login('alice')
  const attacker = victim.copy()

  await verify(victim, app.codeFor('alice'))
  expect(victim.cookies).not.toEqual(attacker.cookies)
  expect(await isIn(victim)).toBe(true)
  expect(await isIn(attacker)).toBe(false)
})

test('a session id copied before a step-up is dead after it', async () => {
  const victim = await app.login('alice')
  await verify(victim, app.codeFor('alice'))
  const attacker = victim.copy()
  app.clock.advance(600)
  await victim.post('/second-factor/challenge')
  expect((await verify(victim, app.codeFor('alice'))).status).toBe(200)

  expect(await isIn(victim)).toBe(true)
  expect((await attacker.post('/transfer')).status).not.toBe(200)
  expect(await isIn(attacker)).toBe(false)
})

test('a planted session id is worthless after a phone is verified in it', async () => {
  const carol = await app.login('carol')
  const attacker = carol.copy()
  await carol.post('/second-factor/phone', { phone: '+14155550199' })
  await carol.post('/second-factor/phone/verify', { code: app.inbox.inbox()[0]?.code })

  expect(await isIn(carol)).toBe(true)
  expect(await isIn(attacker)).toBe(false)
})
