/** `users.isRequired` receives the request that it decides about, everywhere it is called. */

import type { Request } from 'express'
import { afterEach, expect, test } from 'vitest'

import { totp } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'

let app: TestApp
afterEach(() => app.close())

const isInside = (req: Request) => req.get('x-inside') === 'yes'
const headers = { accept: 'application/json', 'x-inside': 'yes' }

test('a gate opens for the request that is waived, and no other of the session', async () => {
  app = await startTestApp({
    secondFactor: {
      users: {
        id: ({ id }) => id,
        phone: ({ phone }) => phone,
        isRequired: (_user, req) => !isInside(req),
      },
    },
  })
  const alice = await app.login('alice')
  expect((await alice.ask('/account', { headers })).status).toBe(200)
  expect((await alice.get('/account')).status).toBe(403)
  expect((await alice.ask('/second-factor/', { headers })).json['required']).toBe(false)
  expect((await alice.get('/second-factor/')).json['required']).toBe(true)
})

test('every decision about a request receives it, including enrolment and removal', async () => {
  const asked: unknown[] = []
  app = await startTestApp({
    secondFactor: {
      factors: [totp()],
      users: {
        ...{ id: ({ id }) => id, phone: () => null },
        ...{ hasFactors: () => false, setHasFactors: () => undefined },
        isRequired(_user, req) {
          asked.push(req.originalUrl)
          return true
        },
      },
    },
  })
  const carol = await app.login('carol')
  for (const path of ['/account', '/second-factor/', '/second-factor/factors']) {
    await carol.get(path)
    await carol.page(path)
  }
  await carol.delete('/second-factor/factors/none')
  expect(asked).toEqual(expect.arrayContaining(['/login', '/account', '/second-factor/factors']))
  expect(asked).not.toContain(undefined)
})
