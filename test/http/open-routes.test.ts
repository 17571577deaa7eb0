/** Finding routes that the password alone reaches, during development; each is reported once. */

import { EventEmitter } from 'node:events'

import express, { type Request, type Response } from 'express'
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest'

import type { HttpContext } from '../../src/express/context.js'
import { auditRequest, openRoutesOf } from '../../src/express/route-audit.js'
import { ConfigurationError, type SecondFactor, type SessionOptions } from '../../src/index.js'
import { expectOpenRoutes } from '../../src/testing/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { verify } from '../support/in-or-out.js'
import { until } from '../support/until.js'

let app: TestApp
const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
beforeEach(() => {
  warnings.mockClear()
})
afterEach(() => app.close())

const printed = () =>
  warnings.mock.calls
    .filter(([, options]) => JSON.stringify(options).includes('SECOND_FACTOR_OPEN_ROUTE'))
    .map(([message]) => String(message).split(' answered ')[0])

/** Waits for the last of several answers: the client may have read it before the server says that it has finished. */
async function found(count: number): Promise<readonly string[]> {
  await until(() => Promise.resolve(app.secondFactor.openRoutes().length >= count))
  return app.secondFactor.openRoutes()
}

const start = (routes: (server: express.Express, secondFactor: SecondFactor) => void) =>
  startTestApp({ audit: {}, routes })

test('a route above the gate that the password alone reaches is reported once', async () => {
  app = await start((server) => {
    server.get('/orders/:id', (_req, res) => res.json({}))
  })
  const alice = await app.login('alice')
  for (const id of [1, 2, 3]) await alice.get(`/orders/${id}`)
  expect(await found(1)).toEqual(['GET /orders/:id'])
  expect(printed()).toEqual(['GET /orders/:id'])
})

test('nothing is reported for anonymous requests, passed sessions or gated routes', async () => {
  app = await start((server, secondFactor) => {
    server.get('/open', (_req, res) => res.json({}))
    server.get('/asked', async (req, res) => res.json(await secondFactor.check(req)))
    server.get('/excepted', secondFactor.gate({ except: ['/excepted'] }), (_req, res) => {
      res.json({})
    })
    server.get('/last', (_req, res) => res.json({}))
  })
  await app.browser().get('/open')
  const bob = await app.login('bob')
  for (const path of ['/account', '/asked', '/excepted', '/second-factor/', '/nothing']) {
    await bob.get(path)
  }
  await bob.post('/second-factor/challenge')
  expect((await verify(bob, app.codeFor('bob'))).status).toBe(200)
  await bob.get('/open')
  await bob.post('/transfer')
  await bob.post('/logout')
  // The last one is seen, and whatever came before it would have been.
  await (await app.login('alice')).get('/last')
  expect(await found(1)).toEqual(['GET /last'])
})

test('a form counts if it redirects, a page if it has content', async () => {
  app = await start((server) => {
    server.post('/pay', (_req, res) => {
      res.redirect(303, '/paid')
    })
    server.get('/to-login', (_req, res) => {
      res.redirect('/login')
    })
    server.get('/cached', (_req, res) => res.status(304).end())
    server.get('/gone', (_req, res) => res.status(410).json({}))
    server.delete('/thing', (_req, res) => res.status(204).end())
    server.get('/login', (_req, res) => res.send('log in'))
    server.get('/last', (_req, res) => res.json({}))
  })
  const alice = await app.login('alice')
  await alice.post('/pay')
  for (const path of ['/to-login', '/cached', '/gone', '/login']) await alice.get(path)
  await alice.ask('/thing', { method: 'DELETE' })
  await alice.ask('/last', { method: 'HEAD' })
  await alice.ask('/cached', { method: 'OPTIONS' })
  expect(await found(4)).toEqual(['DELETE /thing', 'GET /cached', 'GET /last', 'POST /pay'])
})

test('routers below parameters, other applications and handlers without a route each get one name', async () => {
  app = await start((server) => {
    const router = express.Router()
    router.get('/items/:id', (_req, res) => res.json({}))
    router.get('/', (_req, res) => res.json({}))
    server.use('/shops/:shop', router)
    const sub = express()
    sub.get('/x/:y', (_req, res) => res.json({}))
    server.use('/sub', sub)
    server.use('/files', (_req, res) => {
      res.json({})
    })
  })
  const alice = await app.login('alice')
  for (const shop of ['a', 'b%20c', 'items']) {
    await alice.get(`/shops/${shop}/items/7`)
    await alice.get(`/shops/${shop}`)
  }
  await alice.get('/sub/x/1')
  await alice.get('/files/a')
  await alice.get('/files/b/c')
  expect(await found(4)).toEqual([
    ...['GET /files/*', 'GET /shops/:shop', 'GET /shops/:shop/items/:id', 'GET /sub/x/:y'],
  ])
})

const wildcard = inject('versions').express[1] === '4' ? '/reset/:token(*)' : '/reset/*token'
test.each([
  ['a wildcard', wildcard, '/reset/s3cret/a', 'GET /reset/:token/:token/*'],
  ['an expression', /^\/reset\/(.+)/, '/reset/s3cret/a', 'GET /reset/:0/:0/*'],
  ['a part of a segment', '/reset-:token', '/reset-0123456789abcdef', 'GET /…/*'],
  ['an expression without groups', /^\/reset\/.+/, '/reset/0123456789abcdef', 'GET /reset/…/*'],
])('a secret below %s is not in the name', async (_where, mountPath, path, expected) => {
  app = await start((server) => {
    server.use(mountPath, (_req, res) => {
      res.json({})
    })
  })
  await (await app.login('alice')).get(path)
  expect(await found(1)).toEqual([expected])
  expect(printed()).toEqual([expected])
})

test('a hundred thousand indistinguishable paths do not fill memory', async () => {
  app = await start(() => undefined)
  const context = {} as HttpContext
  const mode = { every: 1, passedOver: 0, prints: true }
  for (let index = 0; index < 100_000; index += 1) {
    const baseUrl = `/page-${index}/${'x'.repeat(300)}`
    const req = { method: 'GET', baseUrl, originalUrl: baseUrl, user: { id: 1 }, session: {} }
    const res = Object.assign(new EventEmitter(), { statusCode: 200 })
    auditRequest(context, req as unknown as Request, res as unknown as Response, mode)
    res.emit('finish')
  }
  const routes = openRoutesOf(context)
  expect(routes).toHaveLength(500)
  expect(Math.max(...routes.map((route) => route.length))).toBe(200)
  expect(printed()).toHaveLength(500)
})

describe('the sampling', () => {
  afterEach(() => vi.unstubAllEnvs())

  /** The routes that are found when one page is asked for so many times. */
  async function look(audit: SessionOptions, times: number, mode = 'test') {
    app = await startTestApp({
      audit,
      // Once the sender is made, which refuses production, and before `session()` is.
      before: () => vi.stubEnv('NODE_ENV', mode),
      routes: (server) => server.get('/page', (_req, res) => res.json({})),
    })
    vi.unstubAllEnvs()
    const alice = await app.login('alice')
    for (let count = 0; count < times; count += 1) await alice.get('/page')
    // By the time that another request is answered, the first has finished.
    await app.browser().get('/profile')
    return app.secondFactor.openRoutes()
  }

  test('in production takes one request in a hundred, without printing', async () => {
    expect(await look({}, 99, 'production')).toEqual([])
    await app.close()
    expect(await look({}, 100, 'production')).toEqual(['GET /page'])
    await app.close()
    expect(await look({ auditRoutes: true }, 1, 'production')).toEqual(['GET /page'])
    expect(printed()).toEqual([])
  })

  test('elsewhere takes every request, or none', async () => {
    expect(await look({}, 1)).toEqual(['GET /page'])
    await app.close()
    expect(await look({ auditRoutes: false }, 100)).toEqual([])
    expect(printed()).toEqual(['GET /page'])
  })

  test('`auditRoutes` takes true or false, and `session` has no other option', async () => {
    app = await startTestApp()
    const { secondFactor } = app
    expect(() => secondFactor.session({ auditRoutes: 1 as never })).toThrow(ConfigurationError)
    expect(() => secondFactor.session({ audit: true } as never)).toThrow(/audit is not an option/)
  })
})

describe('the helper for tests', () => {
  const having = (...routes: string[]) => ({ openRoutes: () => routes })

  test('accepts exactly the listed routes, in any order', () => {
    expect(() => {
      expectOpenRoutes(having('GET /', 'GET /a'), ['GET /a', 'GET /'])
    }).not.toThrow()
  })

  test('names a route that is not listed, and a listed one that was never visited', () => {
    const compare = () => {
      expectOpenRoutes(having('GET /', 'GET /profile'), ['GET /', 'GET /about'])
    }
    expect(compare).toThrow(/^GET \/profile is open .*\nGET \/about was not reached/)
    expect(compare).toThrow(expect.objectContaining({ code: 'ERR_ASSERTION' }) as Error)
  })
})
