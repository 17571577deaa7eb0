/** A small Express login with a second factor, whatever the factor, on a real server with a clock that tests set. */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
} from 'express'
import session from 'express-session'
import passport from 'passport'
import { Strategy as LocalStrategy } from 'passport-local'

import {
  createSecondFactor,
  memoryStore,
  type SecondFactor,
  type SecondFactorEvent,
  type SecondFactorOptions,
  type SessionOptions,
  type StateStore,
} from '../../src/index.js'
import { Browser } from './browser.js'

declare global {
  namespace Express {
    interface User {
      id: number
      username: string
    }
  }
}

/** A clock that stands still until the test moves it. */
export interface TestClock {
  now: number
  advance(seconds: number): void
  /** The instant so many seconds from now, as JSON writes it. */
  iso(seconds?: number): string
}

/** An application under test. */
export interface Application<User extends Express.User> {
  readonly app: Express
  readonly url: string
  readonly server: Server
  readonly clock: TestClock
  readonly store: StateStore
  readonly users: readonly User[]
  readonly events: SecondFactorEvent[]
  /** The errors that reached the application's error handler. */
  readonly faults: unknown[]
  readonly secondFactor: SecondFactor<User>
  /** A browser with an empty cookie jar. */
  browser(): Browser
  /** A browser in which this user's password was accepted and the second factor begun. */
  login(username: string): Promise<Browser>
  close(): Promise<void>
}

/** The application's options; each user's password is `password`. */
export interface ApplicationOptions<User extends Express.User> {
  readonly users: readonly User[]
  readonly clock?: TestClock
  readonly secondFactor: Omit<SecondFactorOptions<User>, 'store'> & { readonly store?: StateStore }
  readonly sessionStore?: session.Store
  readonly session?: Partial<session.SessionOptions>
  /** The routes that `session()` watches for; none by default, because ungated test routes would print warnings. */
  readonly audit?: SessionOptions
  /** The port it listens on; any free one by default. */
  readonly port?: number
  /** Adds middleware before everything else. */
  readonly before?: (app: Express) => void
  /** The middleware between the session and the second factor. */
  readonly afterSession?: readonly RequestHandler[]
  /** Adds routes before the gate. */
  readonly routes?: (app: Express, secondFactor: SecondFactor<User>) => void
}

/** A clock at the begin of 2026. */
export function testClock(): TestClock {
  const clock: TestClock = {
    now: Date.parse('2026-01-01T00:00:00.000Z'),
    advance(seconds) {
      clock.now += seconds * 1000
    },
    iso: (seconds = 0) => new Date(clock.now + seconds * 1000).toISOString(),
  }
  return clock
}

/** Starts the application. */
export async function startApplication<User extends Express.User>(
  options: ApplicationOptions<User>,
): Promise<Application<User>> {
  const { users, clock = testClock() } = options
  const events: SecondFactorEvent[] = []
  const store = options.secondFactor.store ?? memoryStore()
  const secondFactor = createSecondFactor<User>({
    loginPath: '/login',
    defaultReturnTo: '/account',
    clock: () => clock.now,
    events: { emit: (event) => events.push(event) },
    ...options.secondFactor,
    store,
  })

  const passports = new passport.Passport()
  passports.use(
    new LocalStrategy((username, password, done) => {
      const user = users.find((each) => each.username === username)
      done(null, password === 'password' && user ? user : false)
    }),
  )
  passports.use(secondFactor.strategy)
  passports.serializeUser((user, done) => {
    done(null, user.id)
  })
  passports.deserializeUser((id, done) => {
    done(null, users.find((user) => user.id === id) ?? false)
  })

  const app = express()
  options.before?.(app)
  app.use(
    session({
      secret: 'a secret of the tests',
      resave: false,
      saveUninitialized: false,
      ...(options.sessionStore ? { store: options.sessionStore } : {}),
      ...options.session,
    }),
  )
  app.use(passports.session())
  app.use(secondFactor.session(options.audit ?? { auditRoutes: false }))
  for (const handler of options.afterSession ?? []) app.use(handler)
  const forms: RequestHandler[] = [express.json(), express.urlencoded({ extended: false })]
  const password = passports.authenticate('local') as RequestHandler
  app.post('/login', ...forms, password, secondFactor.begin())
  // A login that asks for no code.
  app.post('/password', ...forms, password, (_req, res) => {
    res.json({})
  })
  app.post('/logout', (req, res, next) => {
    req.logout((error: unknown) => {
      if (error) next(error)
      else res.sendStatus(204)
    })
  })
  app.get('/profile', (req: Request, res) => {
    res.json({ user: req.user ?? null, secondFactor: req.secondFactor })
  })
  app.use('/second-factor', secondFactor.router())
  options.routes?.(app, secondFactor)
  app.get('/account', secondFactor.gate(), (req, res) => {
    res.json({ account: req.user?.username, secondFactor: req.secondFactor })
  })
  app.post('/transfer', secondFactor.gate({ maxAgeSeconds: 300 }), (_req, res) => {
    res.json({ transferred: true })
  })
  const faults: unknown[] = []
  const onFault: ErrorRequestHandler = (error, _req, res, next) => {
    faults.push(error)
    if (res.headersSent) next(error)
    else res.sendStatus(500)
  }
  app.use(onFault)

  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const browser = () => new Browser(url)
  return {
    ...{ app, url, server, clock, store, users, events, faults, secondFactor, browser },
    async login(username) {
      const jar = browser()
      await jar.post('/login', { username, password: 'password' })
      return jar
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}
