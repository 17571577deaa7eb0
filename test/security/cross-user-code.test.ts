/**
 * The attacker is also a user: they type their own code where the victim's is asked for, name another user in the
 * body, or share a phone with the victim. A code must work only for the user it was made for.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { challengeOf, isIn, verify } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

test('one user’s code does not pass in another user’s session', async () => {
  const alice = await app.login('alice')
  const bob = await app.login('bob')
  expect(app.codeFor('alice')).not.toBe(app.codeFor('bob'))

  expect((await verify(alice, app.codeFor('bob'))).json['code']).toBe('code_incorrect')
  expect((await verify(bob, app.codeFor('alice'))).json['code']).toBe('code_incorrect')
  expect([await isIn(alice), await isIn(bob)]).toEqual([false, false])
  expect([(await rowOf(app.store, '1')).failures, (await rowOf(app.store, '2')).failures]).toEqual([
    1, 1,
  ])
})

test('two users who share a phone each have their own code', async () => {
  const [alice, bob] = app.users
  if (alice && bob) bob.phone = alice.phone
  const first = await app.login('alice')
  const codeOfAlice = app.codeFor('alice')
  const second = await app.login('bob')
  const codeOfBob = app.codeFor('bob')

  expect(app.inbox.inbox()).toHaveLength(2)
  expect((await verify(second, codeOfAlice)).json['code']).toBe('code_incorrect')
  expect((await verify(first, codeOfBob)).json['code']).toBe('code_incorrect')
  expect((await verify(first, codeOfAlice)).status).toBe(200)
  expect(await isIn(second)).toBe(false)
})

test('a body that names another user, or claims to have passed, changes nothing', async () => {
  const bob = await app.login('bob')
  const alice = await app.login('alice')
  const { id, sessionKey } = challengeOf(await rowOf(app.store, '1'))
  const answer = await bob.post('/second-factor/verify', {
    code: app.codeFor('alice'),
    ...{ userId: 1, user: { id: 1 }, subject: '1', id, challengeId: id, sessionKey },
    ...{ verified: true, passed: true, success: true, status: 'approved', valid: true },
    ...{ purpose: 'sign-in', attempts: 0, attemptsLeft: 99, trustDevice: true, returnTo: '//evil' },
  })

  expect(answer.json).toMatchObject({ code: 'code_incorrect', attemptsLeft: 4 })
  expect([await isIn(bob), await isIn(alice)]).toEqual([false, false])
  expect((await rowOf(app.store, '2')).failures).toBe(1)
  expect((await rowOf(app.store, '1')).failures).toBe(0)
})

test('a code is useless without the login it belongs to', async () => {
  await app.login('alice')
  const stranger = app.browser()
  expect((await verify(stranger, app.codeFor('alice'))).json['code']).toBe('login_required')
  expect(challengeOf(await rowOf(app.store, '1')).attempts).toBe(0)
})

test('a code made with one application’s secret does not pass in another application on the same store', async () => {
  const other = await startTestApp({
    secondFactor: { store: app.store, clock: () => app.clock.now },
  })
  try {
    await app.login('alice')
    const alice = app.users[0] as Express.User
    expect(await other.secondFactor.verify(alice, app.codeFor('alice'))).toMatchObject({
      status: 'refused',
    })
    expect(await app.secondFactor.verify(alice, app.codeFor('alice'))).toMatchObject({
      status: 'passed',
    })
  } finally {
    await other.close()
  }
})
