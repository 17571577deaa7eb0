/**
 * No attack: the application is slow. One of its requests read the session before a code was asked for and writes its
 * copy back afterwards. When the person types the right code, the session must still know that it asked for one.
 */

import { afterEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { isIn, verify } from '../support/in-or-out.js'
import { challengeOf } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
let arrival: Promise<void>
let release: () => void
afterEach(() => app.close())

async function startWithSlowPage(): Promise<void> {
  let arrived: () => void
  arrival = new Promise((resolve) => (arrived = resolve))
  const released = new Promise<void>((resolve) => (release = resolve))
  app = await startTestApp({
    routes(server) {
      server.get('/slow', async (req, res) => {
        Object.assign(req.session, { basket: 'changed' })
        arrived()
        await released
        res.json({ slow: true })
      })
    },
  })
}

test('the right code passes although a slow request has since written the session back', async () => {
  await startWithSlowPage()
  const alice = app.browser()
  await alice.post('/password', { username: 'alice', password: 'password' })
  const slow = alice.copy().get('/slow')
  await arrival
  expect((await alice.post('/second-factor/challenge')).status).toBe(201)
  release()
  await slow

  expect((await alice.get('/second-factor/')).json['challenge']).toMatchObject({
    status: 'pending',
  })
  expect((await verify(alice, app.codeFor('alice'))).status).toBe(200)
  expect(await isIn(alice)).toBe(true)
})

test('a cancelled code stays cancelled although a slow request has written the session back', async () => {
  await startWithSlowPage()
  const alice = await app.login('alice')
  const code = app.codeFor('alice')
  const slow = alice.copy().get('/slow')
  await arrival
  await alice.delete('/second-factor/challenge')
  release()
  await slow
  expect((await verify(alice, code)).json['code']).toBe('no_challenge')
})

test('logging in again in the same browser keeps the pending code, unless it is another user', async () => {
  await startWithSlowPage()
  const browser = await app.login('alice')
  const code = app.codeFor('alice')
  const { id } = challengeOf(await rowOf(app.store, '1'))
  await browser.post('/login', { username: 'alice', password: 'password' })
  expect(challengeOf(await rowOf(app.store, '1')).id).toBe(id)
  expect((await verify(browser.copy(), code)).status).toBe(200)

  app.clock.advance(60)
  const shared = await app.login('alice')
  const left = app.codeFor('alice')
  await shared.post('/login', { username: 'bob', password: 'password' })
  await shared.post('/login', { username: 'alice', password: 'password' })
  expect((await verify(shared, left)).json['code']).toBe('no_challenge')
})
