/** `check` returns what a gate would decide, for every kind of user. */

import { createServer } from 'node:http'

import { afterEach, describe, expect, test } from 'vitest'

import { DirectoryUnavailableError } from '../../src/core/errors.js'
import type { SecondFactorOptions } from '../../src/index.js'
import { startTestApp, type TestApp, type TestUser } from '../support/app.js'

let app: TestApp
afterEach(() => app.close())

async function open(isRequired: SecondFactorOptions<TestUser>['users']['isRequired']) {
  app = await startTestApp({
    secondFactor: { users: { id: ({ id }) => id, phone: ({ phone }) => phone, isRequired } },
    routes: (express, secondFactor) => {
      express.get('/check', (req, res, next) => {
        secondFactor.check(req).then((found) => res.json(found), next)
      })
    },
  })
}

describe('for a user whose second factor is waived', () => {
  test('passes with no method, for as long as the login lasts, like the gate', async () => {
    await open((user) => user.username !== 'alice')
    const alice = await app.login('alice')
    const waived = { passed: true, method: null, passedAt: null, amr: ['pwd'] }
    expect((await alice.get('/check')).json).toEqual(waived)
    expect((await alice.get('/account')).status).toBe(200)
    app.clock.advance(100_000)
    expect((await alice.get('/check')).json).toEqual(waived)
    expect((await alice.get('/account')).status).toBe(200)
  })

  test('waives it for no other user and no anonymous request', async () => {
    await open((user) => user.username !== 'alice')
    const closed = { passed: false, method: null }
    expect((await (await app.login('bob')).get('/check')).json).toMatchObject(closed)
    expect((await app.browser().get('/check')).json).toMatchObject({ ...closed, amr: [] })
  })
})

test('when isRequired fails, nobody has passed', async () => {
  let error: unknown
  await open(() => Promise.reject(new Error('no')))
  const server = createServer((req, res) => {
    Object.assign(req, {
      user: app.users[0],
      session: { regenerate: () => undefined, save: () => undefined },
    })
    app.secondFactor
      .check(req)
      .catch((thrown: unknown) => (error = thrown))
      .finally(() => res.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await fetch(`http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}/`)
  expect(error).toBeInstanceOf(DirectoryUnavailableError)
  await new Promise((resolve) => server.close(resolve))
})
