/** Mistakes in how an application is put together are reported to its developer instead of causing a redirect loop. */

import type { Express, RequestHandler } from 'express'
import express from 'express'
import session from 'express-session'
import passport from 'passport'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { ConfigurationError, type SecondFactor } from '../../src/index.js'
import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.js'
import type { Answer, Browser } from '../support/browser.js'

let app: TestApp
const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
afterEach(async () => {
  warnings.mockClear()
  await app.close()
})

/** A small application that is put together in a wrong way, beside the sound one. */
async function start(
  putTogether: (server: Express, secondFactor: SecondFactor) => void,
  options: TestAppOptions = {},
): Promise<Browser> {
  app = await startTestApp({
    ...options,
    routes(server, secondFactor) {
      const wrong = express.Router() as unknown as Express
      putTogether(wrong, secondFactor)
      server.use(wrong)
    },
  })
  return app.login('alice')
}

const logged = () => warnings.mock.calls.map(([message]) => String(message))

/** Goes where the answers lead, as a browser does, which gives up at last. */
async function follow(browser: Browser, path: string): Promise<Answer> {
  let answer = await browser.page(path)
  for (let step = 0; step < 10 && answer.status === 303; step += 1) {
    answer = await browser.page(answer.headers.get('location') ?? '')
  }
  return answer
}

function expectMistake(answer: Answer, option: string | undefined, message: RegExp): void {
  expect(answer.status).toBe(500)
  const fault = app.faults.at(-1)
  expect(fault).toBeInstanceOf(ConfigurationError)
  expect(String(fault)).toMatch(message)
  expect((fault as ConfigurationError).option).toBe(option)
}

describe('the router', () => {
  const below: TestAppOptions = { secondFactor: { mountPath: '/2fa' } }

  test('causes no redirect loop if mounted below the gate', async () => {
    const alice = await start((server, secondFactor) => {
      server.use(secondFactor.gate())
      server.use('/2fa', secondFactor.router())
    }, below)
    const message = /for \/2fa, which the router answers: mount router\(\) there, above the gate/
    expectMistake(await follow(alice, '/anything'), 'mountPath', message)
    expectMistake(await alice.post('/2fa/verify', { code: '123456' }), 'mountPath', /\/2fa\/verify/)
    expectMistake(await alice.post('/2fa/challenge'), 'mountPath', /\/2fa\/challenge/)
    expectMistake(await alice.get('/2fa?x=1'), 'mountPath', message)
  })

  test('causes no redirect loop behind its own gate', async () => {
    const alice = await start((server, secondFactor) => {
      server.use('/2fa', secondFactor.gate(), secondFactor.router())
      server.use(secondFactor.gate())
    }, below)
    expectMistake(await follow(alice, '/anything'), 'mountPath', /above the gate/)
  })

  test('causes no redirect loop if not mounted at mountPath', async () => {
    const alice = await start((server, secondFactor) => {
      server.use('/elsewhere', secondFactor.router())
      server.use(secondFactor.gate())
    }, below)
    expectMistake(await follow(alice, '/anything'), 'mountPath', /or set mountPath to its path/)
    expect(logged()).toEqual([])
    await alice.page('/elsewhere/')
    await alice.page('/elsewhere/')
    expect(logged()).toEqual([
      'router() is mounted at /elsewhere, but mountPath is /2fa: mount it at /2fa, or set mountPath to ' +
        "'/elsewhere'",
    ])
  })

  test('suggests basePath once if a proxy strips its prefix', async () => {
    const alice = await start(() => undefined, {
      secondFactor: { mountPath: '/app/second-factor' },
    })
    await alice.page('/second-factor/')
    await alice.page('/second-factor/')
    expect(logged()).toEqual([
      expect.stringContaining("if a proxy strips /app from the path, set basePath to '/app'"),
    ])
  })

  test('is quiet if mounted correctly, however the URL is spelt', async () => {
    const alice = await start(() => undefined)
    await alice.page('/second-factor/')
    await alice.page('/Second-Factor')
    await alice.page('/second-factor/nothing')
    expect((await alice.page('/second-factor/')).status).toBe(200)
    expect(logged()).toEqual([])
    expect(app.faults).toEqual([])
  })
})

test('a login page below the gate causes no redirect loop', async () => {
  await start((server, secondFactor) => {
    server.use(secondFactor.gate())
    server.get('/login', (_req, res) => res.send('log in'))
  })
  const message = /for the login page, \/login; mount the login above the gate/
  expectMistake(await follow(app.browser(), '/anything'), 'loginPath', message)
  expect((await app.browser().get('/login')).status).toBe(401)
})

describe('a secure cookie', () => {
  const secure: TestAppOptions = { session: { cookie: { secure: true } } }

  test('is not sent behind a proxy that Express does not trust, and the log says why', async () => {
    const alice = await start(() => undefined, secure)
    const headers = { accept: 'text/html', 'x-forwarded-proto': 'https' }
    for (const path of ['/second-factor/', '/second-factor/']) {
      expect((await alice.ask(path, { headers })).headers.get('location')).toBe('/login')
    }
    expect(logged()).toEqual([
      expect.stringMatching(/cookie is secure.*app\.set\('trust proxy', 1\)/),
    ])
  })

  test('is quiet behind a trusted proxy', async () => {
    await start(() => undefined, { ...secure, before: (server) => server.set('trust proxy', 1) })
    const headers = { accept: 'text/html', 'x-forwarded-proto': 'https' }
    await app.browser().ask('/second-factor/', { headers })
    expect(logged()).toEqual([])
  })

  test('is quiet if it is not secure', async () => {
    await start(() => undefined)
    await app.browser().page('/second-factor/')
    expect(logged()).toEqual([])
  })
})

test('a user that Passport stores under another property is not found, and the error says why', async () => {
  const elsewhere = express.Router()
  app = await startTestApp({ before: (server) => server.use('/other', elsewhere) })
  const passports = new passport.Passport()
  passports.serializeUser((user, done) => {
    done(null, user.id)
  })
  passports.deserializeUser((id, done) => {
    done(null, { id: Number(id), username: 'alice' })
  })
  const options = { secret: 'x', resave: false, saveUninitialized: true, name: 'other' }
  elsewhere.use(
    session(options),
    passports.initialize({ userProperty: 'account' }),
    passports.session() as RequestHandler,
    app.secondFactor.session(),
  )
  elsewhere.get('/in', (req, res, next) => {
    req.logIn({ id: 1, username: 'alice' }, (error: unknown) => {
      if (error) next(error)
      else res.send('in')
    })
  })
  elsewhere.get('/gated', app.secondFactor.gate(), (_req, res) => res.send('passed'))
  elsewhere.use('/second-factor', app.secondFactor.router())
  const alice = app.browser()
  expect((await alice.page('/other/in')).text).toBe('in')
  const message = /keeps the user in req\.account; remove the option userProperty/
  expectMistake(await alice.page('/other/gated'), undefined, message)
  expectMistake(await alice.page('/other/second-factor/'), undefined, message)
})
