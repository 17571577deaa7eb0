/** A small Express login with the second factor dropped in, on a real server and a clock of the test's own. */

import { randomBytes } from 'node:crypto'
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
  consoleSender,
  createSecondFactor,
  memoryStore,
  type CodeSender,
  type ConsoleSender,
  type HostedVerifier,
  type SecondFactor,
  type SecondFactorEvent,
  type SecondFactorOptions,
  type StateStore,
} from '../../src/index.js'
import { Browser } from './browser.js'

/** A user of the test application; the password of each is `password`. */
export interface TestUser {
  readonly id: number
  readonly username: string
  phone: string | null
  verified: boolean
}

declare global {
  namespace Express {
    interface User {
      id: number
      username: string
    }
  }
}

/** The people of the test application. */
export function testUsers(): TestUser[] {
  return [
    { id: 1, username: 'alice', phone: '+237671234567', verified: true },
    { id: 2, username: 'bob', phone: '+919876543210', verified: true },
    { id: 3, username: 'carol', phone: null, verified: false },
    { id: 4, username: 'erin', phone: '+14155550123', verified: false },
  ]
}

/** A clock that stands still until the test moves it. */
export interface TestClock {
  now: number
  advance(seconds: number): void
  /** The instant so many seconds from now, as JSON writes it. */
  iso(seconds?: number): string
}

export interface TestApp {
  readonly app: Express
  readonly url: string
  readonly server: Server
  readonly clock: TestClock
  readonly inbox: ConsoleSender
  readonly store: StateStore
  readonly users: TestUser[]
  readonly events: SecondFactorEvent[]
  /** The errors that reached the application's error handler. */
  readonly faults: unknown[]
  readonly secondFactor: SecondFactor
  /** A browser with an empty cookie jar. */
  browser(): Browser
  /** A browser in which this user's password was accepted and the first code asked for. */
  login(username: string): Promise<Browser>
  /** The code in the last message to this user. */
  codeFor(username: string): string
  close(): Promise<void>
}

export interface TestAppOptions {
  readonly secondFactor?: Partial<SecondFactorOptions<TestUser>>
  readonly sender?: CodeSender
  /** Judges the codes in the place of a sender and a secret. */
  readonly verifier?: HostedVerifier | undefined
  readonly sessionStore?: session.Store
  readonly session?: Partial<session.SessionOptions>
  /** Adds middleware before everything else. */
  readonly before?: (app: Express) => void
  /** Adds routes before the gate. */
  readonly routes?: (app: Express, secondFactor: SecondFactor) => void
}

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const users = testUsers()
  const events: SecondFactorEvent[] = []
  const clock: TestClock = {
    now: Date.parse('2026-01-01T00:00:00.000Z'),
    advance(seconds) {
      clock.now += seconds * 1000
    },
    iso: (seconds = 0) => new Date(clock.now + seconds * 1000).toISOString(),
  }
  const inbox = consoleSender({ print: () => undefined, clock: () => clock.now })
  const store = options.secondFactor?.store ?? memoryStore()
  const secondFactor = createSecondFactor<TestUser>({
    ...(options.verifier === undefined
      ? { secret: randomBytes(32).toString('base64url'), sender: options.sender ?? inbox }
      : { verifier: options.verifier }),
    loginPath: '/login',
    defaultReturnTo: '/account',
    clock: () => clock.now,
    events: { emit: (event) => events.push(event) },
    users: {
      id: (user) => user.id,
      phone: (user) => user.phone && { number: user.phone, verified: user.verified },
      setVerifiedPhone(user, phone) {
        user.phone = phone
        user.verified = true
      },
    },
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
  app.use(secondFactor.session())
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const browser = () => new Browser(url)
  return {
    ...{ app, url, server, clock, inbox, store, users, events, faults, secondFactor, browser },
    async login(username) {
      const jar = browser()
      await jar.post('/login', { username, password: 'password' })
      return jar
    },
    codeFor(username) {
      const phone = users.find((user) => user.username === username)?.phone ?? undefined
      return inbox.inbox(phone)[0]?.code ?? ''
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

/** A well-formed code that is not this one. */
export function wrongFor(code: string): string {
  return code === '000000' ? '000001' : '000000'
}
