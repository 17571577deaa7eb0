/** The application: a password login as many have one, with the second factor dropped in. */

import { join } from 'node:path'

import express, { type Express, type RequestHandler } from 'express'
import session, { type Store } from 'express-session'
import passport from 'passport'
import type { SecondFactor } from 'passport-second-factor'

import {
  answerProblem,
  notFound,
  onError,
  only,
  onlyReadable,
  textField,
  wantsPage,
} from './answers.js'
import { inboxRoute } from './inbox.js'
import { logout, passwordLogin, passwordOnly, register, usePasswords } from './login.js'
import type { Provider } from './providers.js'
import type { Settings } from './settings.js'
import type { AppUser, Users } from './users.js'

export interface Parts {
  readonly settings: Settings
  readonly users: Users
  readonly sessions: Store
  readonly secondFactor: SecondFactor<AppUser>
  readonly provider: Provider
  /** Rejects while what the application needs does not answer. */
  readonly health: () => Promise<unknown>
}

const folder = join(import.meta.dirname, '..')
const cookie = 'example.sid'

export function createApp(parts: Parts): Express {
  const { settings, users, secondFactor, provider } = parts
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', settings.trustProxy)
  app.set('views', join(folder, 'views'))
  app.set('view engine', 'ejs')
  app.locals['providerName'] = provider.name
  app.use(headers)
  app.get('/healthz', healthRoute(parts.health))
  app.get('/style.css', (_req, res) => {
    res.sendFile('style.css', { root: join(folder, 'public'), cacheControl: false })
  })
  app.get('/favicon.ico', (_req, res) => {
    res.status(204).end()
  })

  app.use(sessions(parts))
  usePasswords(users)
  passport.use(secondFactor.strategy)
  app.use(passport.session())
  app.use(secondFactor.session())
  app.use(secondFactor.sameOrigin())

  app.use('/second-factor', secondFactor.router())
  app.use('/otp', secondFactor.phoneVerificationRouter())

  const limit = '4kb'
  app.use(express.json({ limit }), express.urlencoded({ extended: false, limit }), onlyReadable)

  const begin = secondFactor.begin({
    answer: (req) => ({ user: { username: req.user?.username } }),
  })
  app
    .route('/login')
    .get(page('login'))
    .post(passwordLogin, begin)
    .all(only('GET', 'HEAD', 'POST'))
  app
    .route('/register')
    .get(page('register'))
    .post(register(users), begin)
    .all(only('GET', 'HEAD', 'POST'))
  app.route('/logout').post(logout(cookie)).all(only('POST'))
  app.get('/', page('home'))
  app.get('/profile', passwordOnly, userOr('profile'))
  if (provider.inbox !== null) app.get('/dev/inbox', inboxRoute(provider.inbox))

  app.get('/account', secondFactor.gate(), userOr('account'))
  app
    .route('/transfer')
    .post(secondFactor.gate({ maxAgeSeconds: 300 }), transfer)
    .all(only('POST'))

  app.use(notFound, onError)
  return app
}

/** Sessions in the database. */
function sessions({ settings, sessions: store }: Parts): RequestHandler[] {
  const secure = settings.publicUrl?.protocol === 'https:'
  const handler = session({
    name: cookie,
    secret: settings.sessionSecret,
    store,
    resave: false,
    saveUninitialized: false,
    proxy: secure || undefined,
    cookie: { httpOnly: true, sameSite: 'lax', secure },
  })
  if (!secure) return [handler]
  // A secure cookie is sent only where the browser's own connection is one, and that ends at the proxy.
  const behindTls: RequestHandler = (req, _res, next) => {
    req.headers['x-forwarded-proto'] ??= 'https'
    next()
  }
  return [behindTls, handler]
}

/** Pages are somebody's own, so no cache keeps them; and they load nothing but the style sheet. */
const headers: RequestHandler = (_req, res, next) => {
  res.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy':
      "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  })
  next()
}

function healthRoute(health: Parts['health']): RequestHandler {
  return async (_req, res) => {
    const healthy = await health().then(
      () => true,
      () => false,
    )
    res.status(healthy ? 200 : 503).json({ status: healthy ? 'ok' : 'unavailable' })
  }
}

function page(name: string): RequestHandler {
  return (req, res) => {
    res.render(name, { user: req.user })
  }
}

/** Shows a page to people, and tells programs who is logged in. */
function userOr(name: string): RequestHandler {
  return (req, res) => {
    const { user, secondFactor } = req
    if (wantsPage(req)) res.render(name, { user, secondFactor })
    else res.json({ user: { username: user?.username } })
  }
}

const transfer: RequestHandler = (req, res) => {
  const to = textField(req, 'to')
  const amount = amountOf(req.body)
  if (to === null || amount === null) {
    answerProblem(req, res, 400, 'malformed_request', 'Give a recipient and an amount above 0.')
  } else if (wantsPage(req)) {
    res.render('done', { message: `Transferred ${amount} to ${to}.` })
  } else {
    res.json({ status: 'transferred', to, amount })
  }
}

/** An amount as JSON or as a form gives it. */
function amountOf(body: unknown): number | null {
  const value: unknown =
    typeof body === 'object' && body !== null && Object.hasOwn(body, 'amount')
      ? Reflect.get(body, 'amount')
      : undefined
  const amount =
    typeof value === 'string' && /^\d{1,9}(\.\d{1,2})?$/.test(value) ? Number(value) : value
  return typeof amount === 'number' && Number.isFinite(amount) && amount > 0 ? amount : null
}
