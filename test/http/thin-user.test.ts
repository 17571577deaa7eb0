/**
 * An application whose `deserializeUser` returns fewer fields of a user than the login had, as in Passport's own
 * examples.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { isIn, verify } from '../support/in-or-out.js'
import { expectProblem } from '../support/problem.js'
import { challengeOf } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
let isThin = true
beforeEach(async () => {
  isThin = true
  app = await startTestApp({
    before(server) {
      server.use((req, _res, next) => {
        let user: Express.User | undefined
        Object.defineProperty(req, 'user', {
          configurable: true,
          get: () => user,
          set(given?: Express.User) {
            const isWhole = req.path === '/login' || !isThin
            user = given && !isWhole ? { id: given.id, username: given.username } : given
          },
        })
        next()
      })
    },
  })
})
afterEach(() => app.close())

test('the right code is refused because the phone is not found, and nothing is counted', async () => {
  const alice = await app.login('alice')
  const code = app.codeFor('alice')
  const before = await rowOf(app.store, '1')
  expectProblem(await verify(alice, code), 'destination_missing')
  expectProblem(await verify(alice, code), 'destination_missing')
  expect(await rowOf(app.store, '1')).toEqual(before)
  expect(challengeOf(before).attempts).toBe(0)
  expect(app.events.map(({ type }) => type)).not.toContain('grant_revoked')
  expect(app.events.map(({ type }) => type)).not.toContain('passed')

  isThin = false
  expect((await verify(alice, code)).status).toBe(200)
  expect(await isIn(alice)).toBe(true)
})

test('the developer is told once what is missing, and the remedy', async () => {
  const alice = await app.login('alice')
  await verify(alice, app.codeFor('alice'))
  await verify(alice, app.codeFor('alice'))
  const told = app.events.filter(({ type }) => type === 'set_up_mistake')
  expect(told).toMatchObject([{ option: 'users.phone' }])
  expect(told[0]).toHaveProperty('message', expect.stringContaining('deserializeUser'))
})
