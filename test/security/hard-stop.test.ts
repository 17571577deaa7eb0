/**
 * The attacker knows the password and waits out every lock, for weeks if need be. After a hundred consecutive failures
 * the factor is off: no wait, login or right code turns it on again, only an operator.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { isIn, passedBrowser, verify } from '../support/in-or-out.js'
import { failTimes, roomyPolicy } from '../support/misuse.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp({
    secondFactor: {
      policy: { ...roomyPolicy, standards: 'relaxed', lockLadderSeconds: [60, 120, 180] },
    },
  })
})
afterEach(() => app.close())

test('a hundred failures turn the factor off, even for the right code and after any wait', async () => {
  const attacker = await app.login('alice')
  await failTimes(app, attacker, 'alice', 100)
  expect((await rowOf(app.store, '1')).lock).toEqual({ tier: 'disabled', until: null })

  const messages = app.inbox.inbox().length
  const right = app.codeFor('alice')
  for (const seconds of [0, 180, 86_400, 365 * 86_400]) {
    app.clock.advance(seconds)
    const again = await app.login('alice')
    expect((await verify(again, right)).json['code']).toBe('locked_out')
    expect((await again.post('/second-factor/challenge')).json['code']).toBe('locked_out')
    expect(await isIn(again)).toBe(false)
  }
  expect(app.inbox.inbox()).toHaveLength(messages)
  expect((await rowOf(app.store, '1')).failures).toBe(100)
})

test('every tenth failure locks for longer, and attempts during a lock do not shorten it', async () => {
  const attacker = await app.login('alice')
  const locks: number[] = []
  for (let tens = 1; tens <= 4; tens += 1) {
    await failTimes(app, attacker, 'alice', 10)
    const { lock } = await rowOf(app.store, '1')
    locks.push(((lock.until ?? 0) - app.clock.now) / 1000)
    const knocked = await verify(attacker, '123456')
    expect(knocked.json['code']).toBe('locked_out')
    expect((await rowOf(app.store, '1')).lock).toEqual(lock)
    app.clock.advance(locks.at(-1) ?? 0)
  }
  expect(locks).toEqual([60, 120, 180, 180])
})

test('a stranger with the password cannot throw out an owner who is in', async () => {
  const owner = await passedBrowser(app, 'alice')
  app.clock.advance(60)
  const attacker = await app.login('alice')
  await failTimes(app, attacker, 'alice', 100)
  expect(await isIn(owner)).toBe(true)
})

test('a password-only session cannot lift the stop; an operator can', async () => {
  const attacker = await app.login('alice')
  await failTimes(app, attacker, 'alice', 100)
  await attacker.delete('/second-factor/challenge')
  await attacker.post('/second-factor/phone', { phone: '+14155550199' })
  expect((await rowOf(app.store, '1')).lock.tier).toBe('disabled')

  await app.secondFactor.reset(app.users[0] as Express.User)
  const owner = await passedBrowser(app, 'alice')
  expect(await isIn(owner)).toBe(true)
})
