/** The application: an ordinary password login with the second factor dropped in. */

import { join } from 'node:path'

import express, { type Express, type RequestHandler } from 'express'
import passport from 'passport'
import type { SecondFactor } from 'passport-second-factor'

import { account, receipt, transfer } from './account.js'
import type { Address } from './address.js'
import { leadTo, notFound, onError, only, onlyPages, onlyReadable } from './answers.js'
import { changePassword, passwordChanged, passwordChangedPage } from './change-password.js'
import { money, time } from './formats.js'
import { headers, mayAsk, publicFiles } from './headers.js'
import { inboxRoute } from './inbox.js'
import { noteRoute } from './log.js'
import { loginPage, logout, passwordLogin, passwordOnly, usePasswords } from './login.js'
import { mountOperations } from './operations.js'
import { profile } from './profile.js'
import type { Provider } from './providers.js'
import { register } from './register.js'
import { appName } from './second-factor.js'
import { logOutEverywhere, logOutOne, sessionList } from './session-list.js'
import { noteLogin, useSessions, type Sessions } from './sessions.js'
import type { Settings } from './settings.js'
import { transferGate } from './transfer-gate.js'
import type { Transfers } from './transfers.js'
import type { AppUser, Users } from './users.js'

export interface Parts {
  readonly settings: Settings
  readonly address: Address
  readonly users: Users
  readonly sessions: Sessions
  readonly transfers: Transfers
  readonly secondFactor: SecondFactor<AppUser>
  readonly provider: Provider
  /** Rejects while the database or the store does not respond. */
  readonly health: () => Promise<unknown>
}

const folder = join(import.meta.dirname, '..')

export function createApp(parts: Parts): Express {
  const { settings, address, users, sessions, transfers, secondFactor, provider } = parts
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', settings.trustProxy)
  app.set('views', join(folder, 'views'))
  app.set('view engine', 'ejs')
  const hasInbox = provider.inbox !== null
  const hasPasskeys = address.passkeys !== null
  const providerName = provider.name
  Object.assign(app.locals, { appName, providerName, hasInbox, hasPasskeys, money, time })
  app.use(noteRoute, headers)
  app.get('/healthz', healthRoute(parts.health))
  app.use(publicFiles(folder))
  app.get('/favicon.ico', (_req, res) => {
    res.redirect('/favicon.svg')
  })

  app.use(useSessions(settings, sessions.store))
  usePasswords(users)
  passport.use(secondFactor.strategy)
  app.use(passport.session())
  app.use(secondFactor.session())
  app.use(secondFactor.sameOrigin())

  app.use('/second-factor', secondFactor.router())
  app.use('/otp', secondFactor.phoneVerificationRouter())
  mountOperations(app, secondFactor, users)

  app.use(tellViews)
  const limit = '4kb'
  app.use(express.json({ limit }), express.urlencoded({ extended: false, limit }), onlyReadable)

  const begin = secondFactor.begin({
    answer: (req) => ({ user: { username: req.user?.username } }),
  })
  app
    .route('/login')
    .get(loginPage(secondFactor))
    .post(passwordLogin, noteLogin, begin)
    .all(only('GET', 'HEAD', 'POST'))
  app
    .route('/register')
    .get(page('register'))
    .post(register(users), noteLogin, begin)
    .all(only('GET', 'HEAD', 'POST'))
  // A link must not log anybody out, so it leads to a page with the button.
  app.get('/logout', onlyPages, page('logout'))
  app.route('/logout').post(logout()).all(only('POST'))
  app.get('/', page('home'))
  app.get('/profile', passwordOnly, profile(secondFactor))
  if (provider.inbox !== null) app.get('/dev/inbox', mayAsk, inboxRoute(provider.inbox))

  const gate = secondFactor.gate()
  app.get('/account', gate, account(transfers, secondFactor))
  app.get('/transfers/:id', gate, receipt(transfers))
  // A refused form is shown at its own address, which is also where people return after a code.
  app.get('/transfer', onlyPages, gate, account(transfers, secondFactor))
  app
    .route('/transfer')
    .post(transferGate(secondFactor, hasPasskeys), transfer(transfers))
    .all(only('POST'))
  // This form holds passwords, so none of its fields are kept during a step-up.
  const fresh = secondFactor.gate({ maxAgeSeconds: 300 })
  app.get('/password', onlyPages, fresh, page('password'))
  app
    .route('/password')
    .post(fresh, changePassword({ users, sessions, secondFactor }), noteLogin, passwordChanged)
    .all(only('POST'))
  app.get('/password/changed', onlyPages, passwordOnly, passwordChangedPage)
  app.get('/sessions', gate, sessionList(sessions))
  app.get('/sessions/:act', onlyPages, leadTo('/sessions'))
  app.route('/sessions/log-out').post(gate, logOutOne(sessions)).all(only('POST'))
  app
    .route('/sessions/log-out-everywhere')
    .post(gate, logOutEverywhere(sessions, secondFactor), logout('/logged-out'))
    .all(only('POST'))
  app.get('/logged-out', page('logged-out'))

  app.use(notFound, onError)
  return app
}

/** Passes the user and the path to every page's header. */
const tellViews: RequestHandler = (req, res, next) => {
  Object.assign(res.locals, { user: req.user, path: req.path })
  next()
}

function page(name: string): RequestHandler {
  return (_req, res) => {
    res.render(name)
  }
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
