/**
 * The attacker has the password and a session of their own. They get the victim to read out the code of the victim's
 * own login, or plant their own code in the victim's session. A code must work only in the session that asked for it.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { isIn, verify } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

test('a code requested in one session does not pass in another session of the same user', async () => {
  const victim = await app.login('alice')
  const code = app.codeFor('alice')
  const attacker = await app.login('alice')

  expect((await verify(attacker, code)).json['code']).toBe('no_challenge')
  expect(await isIn(attacker)).toBe(false)
  expect((await rowOf(app.store, '1')).failures).toBe(0)
  expect((await verify(victim, code)).status).toBe(200)
})

test('a session that asks for its own code voids the other session’s', async () => {
  const victim = await app.login('alice')
  const first = app.codeFor('alice')
  app.clock.advance(30)
  const attacker = await app.login('alice')
  const second = app.codeFor('alice')

  for (const code of [first, second]) {
    expect((await verify(victim, code)).json['code']).toBe('no_challenge')
  }
  expect((await verify(attacker, first)).json['code']).toBe('code_incorrect')
  expect((await verify(attacker, second)).status).toBe(200)
  expect(await isIn(victim)).toBe(false)
})

test('one session cannot cancel or resend the code of another', async () => {
  const victim = await app.login('alice')
  const code = app.codeFor('alice')
  const attacker = await app.login('alice')
  await attacker.delete('/second-factor/challenge')
  const refused = await attacker.post('/second-factor/challenge')
  expect(refused.json).not.toHaveProperty('challenge')

  expect((await attacker.get('/second-factor/')).json['challenge']).toBeNull()
  expect((await verify(victim, code)).status).toBe(200)
})

test('passing in one session lets no other session of the user in', async () => {
  const pending = await app.login('alice')
  app.clock.advance(30)
  const passing = await app.login('alice')
  await verify(passing, app.codeFor('alice'))
  expect(await isIn(passing)).toBe(true)
  expect(await isIn(pending)).toBe(false)
})
