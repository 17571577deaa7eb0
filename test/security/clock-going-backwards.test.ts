/**
 * The attacker finds a server whose clock was set back, or two servers whose clocks disagree, and hopes that a code, a
 * wait, a lock or a login lasts longer. Timestamps from the future are rejected, and nothing outlives its lifetime by
 * more than the small clock skew allowed.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { challengeOf, isIn, passedBrowser, verify } from '../support/in-or-out.js'
import { failTimes, roomyPolicy } from '../support/misuse.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp({ secondFactor: { policy: { ...roomyPolicy, pendingSeconds: 3600 } } })
})
afterEach(() => app.close())

test('a code sent before the clock was set back an hour does not pass 20 minutes later', async () => {
  const alice = await app.login('alice')
  const code = app.codeFor('alice')
  app.clock.advance(-3600)
  expect((await verify(alice, code)).status).not.toBe(200)
  app.clock.advance(1200)
  expect((await verify(alice, code)).status).not.toBe(200)
  expect(await isIn(alice)).toBe(false)
  expect(challengeOf(await rowOf(app.store, '1')).attempts).toBe(0)
})

test('nor does it pass in a session that has already passed, or without a session', async () => {
  const alice = await passedBrowser(app, 'alice')
  await alice.post('/second-factor/challenge')
  const code = app.codeFor('alice')
  const user = app.users[0] as Express.User
  app.clock.advance(-3600)
  for (let minutes = 0; minutes < 30; minutes += 10) {
    expect((await verify(alice, code)).json['code']).toBe('login_required')
    expect(await app.secondFactor.verify(user, code)).toMatchObject({ code: 'code_expired' })
    app.clock.advance(600)
  }
})

test('a pending login from before the clock was set back does not last an hour longer', async () => {
  const alice = await app.login('alice')
  app.clock.advance(-3600)
  expect((await alice.post('/second-factor/challenge')).status).toBe(401)
})

test('a code is still good after the clock is corrected', async () => {
  const alice = await app.login('alice')
  app.clock.advance(-3600)
  await verify(alice, app.codeFor('alice'))
  app.clock.advance(3660)
  expect((await verify(alice, app.codeFor('alice'))).status).toBe(200)
})

test('between two servers a code outlives its lifetime by at most the allowed skew', async () => {
  const code = async (skew: number, age: number) => {
    const alice = await app.login('alice')
    const right = app.codeFor('alice')
    app.clock.advance(age + skew)
    const { status } = await verify(alice, right)
    app.clock.advance(3600)
    await app.secondFactor.reset(app.users[0] as Express.User)
    return status === 200
  }
  expect(await code(-29, 338)).toBe(true)
  expect(await code(-29, 340)).toBe(false)
  expect(await code(-300, 1)).toBe(false)
  expect(await code(300, 11)).toBe(false)
})

test('setting the clock back shortens no lock, and setting it forward forgets no failure', async () => {
  const attacker = await app.login('alice')
  await failTimes(app, attacker, 'alice', 10)
  const { lock } = await rowOf(app.store, '1')
  app.clock.advance(-600)
  expect((await verify(await app.login('alice'), '123456')).json['code']).toBe('locked_out')
  expect((await rowOf(app.store, '1')).lock).toEqual(lock)
  app.clock.advance(10 * 365 * 86_400)
  expect((await rowOf(app.store, '1')).failures).toBe(10)
})

test('a second factor is not fresh at a time before it was passed', async () => {
  const alice = await passedBrowser(app, 'alice')
  app.clock.advance(-3600)
  expect((await alice.post('/transfer')).status).toBe(401)
  expect((await alice.post('/second-factor/phone', { phone: '+14155550199' })).status).toBe(401)
})

test('setting the clock back does not send the same message again', async () => {
  await app.login('alice')
  app.clock.advance(-3600)
  await app.login('alice')
  expect(app.inbox.inbox()).toHaveLength(1)
})
