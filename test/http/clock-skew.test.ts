/** Two servers share the stores, and one clock is a minute behind the other. */

import session from 'express-session'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { memoryStore, type SecondFactorEvent } from '../../src/index.js'
import { en } from '../../src/texts/en.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { isIn, verify } from '../support/in-or-out.js'
import { expectProblem } from '../support/problem.js'

const secret = 'the secret of two servers, of at least 32 bytes'

let ahead: TestApp
let behind: TestApp
let events: SecondFactorEvent[]
let skewSeconds = 60

beforeEach(async () => {
  skewSeconds = 60
  events = []
  const shared = { store: memoryStore(), secret }
  const sessionStore = new session.MemoryStore()
  ahead = await startTestApp({ sessionStore, secondFactor: shared })
  behind = await startTestApp({
    sessionStore,
    secondFactor: {
      ...shared,
      clock: () => ahead.clock.now - skewSeconds * 1000,
      events: { emit: (event) => events.push(event) },
    },
  })
})
afterEach(async () => {
  await ahead.close()
  await behind.close()
})

async function loggedIn() {
  const alice = await ahead.login('alice')
  const there = behind.browser()
  for (const [name, value] of alice.cookies) there.cookies.set(name, value)
  return { alice, there, code: ahead.codeFor('alice') }
}

const skews = () => events.filter(({ type }) => type === 'clock_skew')

test('the slower server does not call a code expired, and asks to try again', async () => {
  const { alice, there, code } = await loggedIn()
  const wait = { retryAt: ahead.clock.iso(-30), retryAfterSeconds: 30 }
  expectProblem(await verify(there, code), 'store_unavailable', wait)
  expect((await there.page('/second-factor/')).text).toContain(
    en.refusals.store_unavailable.slice(0, 30),
  )
  expect((await verify(alice, code)).status).toBe(200)
  expect(await isIn(alice)).toBe(true)
})

test('the operator of that server is warned once a minute', async () => {
  const { there, code } = await loggedIn()
  await verify(there, code)
  await verify(there, code)
  expect(skews()).toMatchObject([{ type: 'clock_skew', secondsAhead: 60 }])
  expect(ahead.events.map(({ type }) => type)).not.toContain('clock_skew')
  ahead.clock.advance(60)
  const alice = await ahead.login('alice')
  const other = behind.browser()
  for (const [name, value] of alice.cookies) other.cookies.set(name, value)
  await verify(other, ahead.codeFor('alice'))
  expect(skews()).toHaveLength(2)
})

test('half a minute of skew is tolerated silently, and a clock that jumped a day ends the code', async () => {
  skewSeconds = 30
  const { there, code } = await loggedIn()
  expect((await verify(there, code)).status).toBe(200)
  expect(skews()).toEqual([])
  skewSeconds = 86_400
  ahead.clock.advance(60)
  const next = await loggedIn()
  expectProblem(await verify(next.there, next.code), 'login_required')
})
