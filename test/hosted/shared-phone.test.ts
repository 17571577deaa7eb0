/**
 * Two users share a phone, and with it one verification at Twilio. A code sent for one must not let in a user who did
 * not ask, and one approval must not let both pass.
 */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { inParallel } from '../../src/testing/contract-fixtures.js'
import type { Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { startHostedApp, type HostedApp } from '../support/hosted-app.js'
import { alicesSubject, isIn, verify } from '../support/in-or-out.js'
import { expectProblem } from '../support/problem.js'
import { rowOf } from '../support/rows.js'

let app: HostedApp
beforeEach(async () => {
  app = await startHostedApp()
  const [alice, bob] = app.users
  if (bob && alice) bob.phone = alice.phone
})
afterEach(async () => {
  await app.close()
  expect(app.twilio.violations).toEqual([])
})

const shared = () => app.codeFor('alice')

async function passwordOnly(username: string): Promise<Browser> {
  const browser = app.browser()
  await browser.post('/password', { username, password: 'password' })
  return browser
}

test('the code of one user lets in nobody who did not ask for one', async () => {
  const alice = await app.login('alice')
  const bob = await passwordOnly('bob')
  expectProblem(await verify(bob, shared()), 'no_challenge')
  expect([app.asked().check, await isIn(bob)]).toEqual([[], false])
  expect((await verify(alice, shared())).status).toBe(200)
})

test('nor anybody whose code has expired', async () => {
  const bob = await app.login('bob')
  app.clock.advance(311)
  const alice = await app.login('alice')
  expectProblem(await verify(bob, shared()), 'code_expired')
  expect((await verify(alice, shared())).status).toBe(200)
})

describe('when both asked', () => {
  let alice: Browser
  let bob: Browser
  beforeEach(async () => {
    alice = await app.login('alice')
    bob = await app.login('bob')
    expect(app.twilio.verifications).toHaveLength(1)
  })

  test('one approval lets one of them pass, and the other needs a new code', async () => {
    const code = shared()
    expect((await verify(alice, code)).status).toBe(200)
    expectProblem(await verify(bob, code), 'code_expired')
    expect([await isIn(alice), await isIn(bob)]).toEqual([true, false])
    expect((await rowOf(app.store, '2')).grants).toEqual([])
    app.clock.advance(30)
    expect((await bob.post('/second-factor/challenge')).status).toBe(201)
    expectProblem(await verify(bob, wrongCode(shared())), 'code_incorrect', { attemptsLeft: 4 })
    expect((await verify(bob, shared())).status).toBe(200)
  })

  test('the code used by both at once lets one of them pass', async () => {
    const code = shared()
    const answers = await inParallel(2, (n) => verify(n === 0 ? alice : bob, code))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
  })

  test('each has their own failures, and both share Twilio’s five checks', async () => {
    const wrong = wrongCode(shared())
    for (let guess = 0; guess < 3; guess += 1) await verify(alice, wrong)
    for (let guess = 0; guess < 2; guess += 1) await verify(bob, wrong)
    expect([
      (await rowOf(app.store, alicesSubject)).failures,
      (await rowOf(app.store, '2')).failures,
    ]).toEqual([3, 2])
    expectProblem(await verify(bob, shared()), 'code_expired')
    expect(await isIn(bob)).toBe(false)
  })

  test('cancelling by one keeps the code of the other', async () => {
    const code = shared()
    await bob.delete('/second-factor/challenge')
    expectProblem(await verify(bob, code), 'no_challenge')
    expect((await verify(alice, code)).status).toBe(200)
    expect([await isIn(alice), await isIn(bob)]).toEqual([true, false])
  })
})
