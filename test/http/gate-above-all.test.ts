/** The gate above all routes, for an existing application: its options, and the paths through a login. */

import express from 'express'
import { afterEach, describe, expect, test } from 'vitest'

import { ConfigurationError, type GateOptions, type SecondFactor } from '../../src/index.js'
import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.js'
import { verify } from '../support/in-or-out.js'

let app: TestApp
afterEach(() => app.close())

/** An application with its routes below one gate, and the login among them. */
function start(
  gate: GateOptions,
  options: TestAppOptions = {},
  putTogether: (server: express.Router, secondFactor: SecondFactor) => void = () => undefined,
): Promise<TestApp> {
  return startTestApp({
    ...options,
    routes(server, secondFactor) {
      server.use(secondFactor.gate({ anonymous: 'pass', ...gate }))
      const own = express.Router()
      putTogether(own, secondFactor)
      server.use(own)
      server.get(['/', '/page', '/leave', '/open/:page'], (req, res) => {
        res.json({ page: req.path, user: req.user?.username ?? null })
      })
    },
  })
}

test('a person sees the public page, logs in, enters the code and reaches the requested page', async () => {
  app = await start({})
  const alice = app.browser()
  expect((await alice.page('/')).json['user']).toBeNull()
  await alice.post('/password', { username: 'alice', password: 'password' })
  expect((await alice.page('/page?x=1')).headers.get('location')).toBe('/second-factor/')
  await alice.post('/second-factor/challenge')
  const passed = await verify(alice, app.codeFor('alice'))
  expect(passed.json['returnTo']).toBe('/page?x=1')
  expect((await alice.page('/page?x=1')).json['user']).toBe('alice')
})

test('`except` opens exactly the named paths to everybody, and those below a path with `/*`', async () => {
  app = await start({ except: ['/leave', '/open/*'] })
  const alice = await app.login('alice')
  expect((await alice.page('/leave')).json).toEqual({ page: '/leave', user: 'alice' })
  expect((await alice.page('/open/a')).json['page']).toBe('/open/a')
  expect((await alice.page('/page')).status).toBe(303)
  expect((await alice.page('/open')).status).toBe(303)
})

test('behind a proxy that strips a prefix, `except` paths may be given with or without it', async () => {
  app = await start({ except: ['/app/leave', '/open/*'] }, { secondFactor: { basePath: '/app' } })
  const alice = await app.login('alice')
  expect((await alice.page('/leave')).status).toBe(200)
  expect((await alice.page('/open/a')).status).toBe(200)
  expect((await alice.page('/app/leave')).status).toBe(303)
})

test('a gate of a router below a path sees whole paths', async () => {
  app = await startTestApp({
    routes(server, secondFactor) {
      server.use('/shop', secondFactor.gate({ except: ['/shop/leave', '/shop'] }))
      server.get(['/shop', '/shop/leave', '/shop/other'], (_req, res) => res.json({}))
    },
  })
  const alice = await app.login('alice')
  expect((await alice.get('/shop')).status).toBe(200)
  expect((await alice.get('/shop/leave')).status).toBe(200)
  expect((await alice.get('/shop/other')).status).toBe(403)
})

test('without `anonymous` nobody passes without a login, except on the excepted paths', async () => {
  app = await start({ anonymous: undefined, except: ['/leave'] })
  expect((await app.browser().get('/page')).json['code']).toBe('login_required')
  expect((await app.browser().get('/leave')).status).toBe(200)
})

describe('unusable options', () => {
  test.each<[GateOptions, RegExp]>([
    [{ except: '/leave' as never }, /gate\.except must be a list/],
    [{ except: [/leave/ as never] }, /gate\.except must be a list/],
    [{ except: ['leave'] }, /cannot hold 'leave'/],
    [{ except: [''] }, /cannot hold ''/],
    [{ except: ['/*'] }, /cannot hold '\/\*'/],
    [{ except: ['/a*'] }, /cannot hold/],
    [{ except: ['/:page'] }, /cannot hold '\/:page'/],
    [{ except: ['/a/*/b'] }, /cannot hold/],
    [{ except: ['/a?b'] }, /cannot hold/],
    [{ except: ['/a%20b'] }, /cannot hold/],
    [{ except: ['//a'] }, /cannot hold/],
    [{ except: ['/a/../b'] }, /cannot hold/],
    [{ except: ['/a/./b/*'] }, /cannot hold/],
    [{ except: ['https://example.com/a'] }, /cannot hold/],
    [{ anonymous: true as never }, /gate\.anonymous must be 'pass' or 'refuse'/],
    [{ anonymous: 'allow' as never }, /gate\.anonymous/],
  ])('%j throws', async (options, message) => {
    app = await startTestApp()
    expect(() => app.secondFactor.gate(options)).toThrow(message)
    expect(() => app.secondFactor.gate(options)).toThrow(ConfigurationError)
  })

  test.each(['/', '/a', '/a/', '/a-b_c.d~e@f', '/a/b/*'])('%s does not', async (path) => {
    app = await startTestApp()
    expect(() => app.secondFactor.gate({ except: [path] })).not.toThrow()
  })
})
