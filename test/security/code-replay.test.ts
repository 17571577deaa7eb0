/**
 * The attacker saw a code: over a shoulder, on a lock screen, in an old message. A code must work once, within its
 * lifetime, while it is the user's current one, and only while attempts remain.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { wrongCode } from '../support/codes.js'
import { isIn, passedBrowser, verify } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

test('a used code passes nobody again in any session', async () => {
  const victim = await app.login('alice')
  const seen = app.codeFor('alice')
  await verify(victim, seen)
  await victim.post('/logout')

  const attacker = await app.login('alice')
  expect(app.inbox.inbox()).toHaveLength(2)
  expect((await verify(attacker, seen)).json['code']).toBe('code_incorrect')
  const another = await app.login('alice')
  expect((await verify(another, seen)).json['code']).toBe('no_challenge')
  expect([await isIn(attacker), await isIn(another)]).toEqual([false, false])
})

test('a used code passes nobody again without a session', async () => {
  await app.login('alice')
  const alice = app.users[0] as Express.User
  const seen = app.codeFor('alice')
  expect(await app.secondFactor.verify(alice, seen)).toMatchObject({ status: 'passed' })
  expect(await app.secondFactor.verify(alice, seen)).toMatchObject({ code: 'no_challenge' })
})

test('after five wrong codes the right one is void, and typing it is not another failure', async () => {
  const attacker = await app.login('alice')
  const right = app.codeFor('alice')
  for (let n = 0; n < 5; n += 1) await verify(attacker, wrongCode(right))

  expect((await verify(attacker, right)).json['code']).toBe('attempts_exhausted')
  expect(await isIn(attacker)).toBe(false)
  expect((await rowOf(app.store, '1')).failures).toBe(5)
})

test('a new code replaces the old: the old one costs an attempt, the new one passes', async () => {
  const alice = await app.login('alice')
  const first = app.codeFor('alice')
  app.clock.advance(250)
  await alice.post('/second-factor/challenge')
  const second = app.codeFor('alice')
  expect(second).not.toBe(first)

  expect((await verify(alice, first)).json).toMatchObject({
    code: 'code_incorrect',
    attemptsLeft: 4,
  })
  expect((await verify(alice, second)).status).toBe(200)
})

test.each([
  [299, true],
  [309, true],
  [310, false],
  [311, false],
  [86_400, false],
])('a code is accepted until its lifetime plus grace is over: after %i s %s', async (age, good) => {
  const alice = await app.login('alice')
  const record = app.codeFor('alice')
  app.clock.advance(age)
  expect((await verify(alice, record)).status === 200).toBe(good)
  expect(await isIn(alice)).toBe(good)
})

test('a cancelled code is void, even for the person who cancelled it', async () => {
  const alice = await app.login('alice')
  await alice.delete('/second-factor/challenge')
  expect((await verify(alice, app.codeFor('alice'))).json['code']).toBe('no_challenge')
  expect(await isIn(alice)).toBe(false)
})

test('an operator’s reset voids the code on its way', async () => {
  const alice = await app.login('alice')
  await app.secondFactor.reset(app.users[0] as Express.User)
  expect((await verify(alice, app.codeFor('alice'))).json['code']).toBe('no_challenge')
})

test('a code from an earlier login does not work for a later one that was sent none', async () => {
  const first = await app.login('alice')
  const seen = app.codeFor('alice')
  await first.post('/logout')
  const second = await app.login('alice')
  expect(app.inbox.inbox()).toHaveLength(1)
  expect((await verify(second, seen)).json['code']).toBe('no_challenge')
})

test('a used code does not refresh an old second factor', async () => {
  const alice = await app.login('alice')
  const seen = app.codeFor('alice')
  await verify(alice, seen)
  app.clock.advance(299)
  expect((await alice.post('/transfer')).status).toBe(200)
  app.clock.advance(2)
  await verify(alice, seen)
  expect((await alice.post('/transfer')).json['code']).toBe('second_factor_stale')
  expect(await isIn(alice)).toBe(true)
})

test('a passed second factor ends after twelve hours, however active the session', async () => {
  const alice = await passedBrowser(app, 'alice')
  for (let hour = 1; hour < 12; hour += 1) {
    app.clock.advance(3600)
    expect(await isIn(alice)).toBe(true)
  }
  app.clock.advance(3600)
  expect(await isIn(alice)).toBe(false)
})
