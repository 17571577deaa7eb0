/** The application: a password login as many have one, with the second factor dropped in. */

import express, { type Express, type RequestHandler } from 'express'
import session, { type Store } from 'express-session'
import passport from 'passport'
import { Strategy as LocalStrategy } from 'passport-local'
import { phoneParser, type SecondFactor } from 'passport-second-factor'

import { answerProblem, notFound, onError, textField, wantsPage } from './answers.js'
import { inboxRoute } from './inbox.js'
import type { PickedSender } from './sender.js'
import type { Settings } from './settings.js'
import type { AppUser, Users } from './users.js'

export interface Parts {
  readonly settings: Settings
  readonly users: Users
  readonly sessions: Store
  readonly secondFactor: SecondFactor<AppUser>
  readonly picked: PickedSender
  /** Rejects while the database does not answer. */
  readonly health: () => Promise<unknown>
}

export function createApp(parts: Parts): Express {
  const { settings, users, sessions, secondFactor, picked } = parts
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', settings.trustProxy)
  app.set('views', new URL('../views', import.meta.url).pathname)
  app.set('view engine', 'ejs')
  app.locals['senderName'] = picked.name

  app.get('/healthz', async (_req, res) => {
    const healthy = await parts.health().then(
      () => true,
      () => false,
    )
    res.status(healthy ? 200 : 503).json({ status: healthy ? 'ok' : 'unavailable' })
  })

  app.use(
    session({
      name: 'example.sid',
      secret: settings.sessionSecret,
      store: sessions,
      resave: false,
      saveUninitialized: false,
      cookie: {
        httpOnly: true,
        sameSite: 'lax',
        secure: settings.publicOrigin?.startsWith('https:') ?? false,
      },
    }),
  )
  usePassport(users)
  passport.use(secondFactor.strategy)
  app.use(passport.session())
  app.use(secondFactor.session())
  app.use(secondFactor.sameOrigin())

  app.use('/second-factor', secondFactor.router())
  app.use(express.json({ limit: '4kb' }), express.urlencoded({ extended: false, limit: '4kb' }))

  app.get('/', (req, res) => {
    res.render('home', { user: req.user })
  })
  app.get('/login', (_req, res) => {
    res.render('login', { message: null })
  })
  app.get('/register', (_req, res) => {
    res.render('register', { message: null })
  })
  const begin = secondFactor.begin({
    answer: (req) => ({ user: { username: req.user?.username } }),
  })
  app.post('/login', passwordLogin, begin)
  app.post('/register', register(users), begin)
  app.post('/logout', logout)
  if (picked.inbox !== null && !settings.production) app.get('/dev/inbox', inboxRoute(picked.inbox))

  app.get('/profile', passwordOnly, (req, res) => {
    if (wantsPage(req)) res.render('profile', { user: req.user })
    else res.json({ user: { username: req.user?.username } })
  })

  const passed = secondFactor.gate()
  app.get('/account', passed, (req, res) => {
    if (wantsPage(req)) res.render('account', { user: req.user, secondFactor: req.secondFactor })
    else res.json({ user: { username: req.user?.username } })
  })
  app.post('/transfer', secondFactor.gate({ maxAgeSeconds: 300 }), (req, res) => {
    const to = textField(req, 'to')
    const amount = amountOf(req.body)
    if (to === null || amount === null) {
      answerProblem(req, res, 400, 'malformed_request', 'Give a recipient and an amount above 0.')
    } else if (wantsPage(req)) {
      res.render('message', { message: `Transferred ${amount} to ${to}.` })
    } else {
      res.json({ status: 'transferred', to, amount })
    }
  })

  app.use(notFound, onError)
  return app
}

function usePassport(users: Users): void {
  passport.use(
    new LocalStrategy((username, password, done) => {
      users.authenticate(username, password).then((user) => {
        done(null, user ?? false)
      }, done)
    }),
  )
  passport.serializeUser((user, done) => {
    done(null, user.id)
  })
  passport.deserializeUser((id: number, done) => {
    users.findById(id).then((user) => {
      done(null, user ?? false)
    }, done)
  })
}

const passwordLogin: RequestHandler = (req, res, next) => {
  if (textField(req, 'username', 64) === null || textField(req, 'password') === null) {
    answerProblem(req, res, 400, 'malformed_request', 'Give a user name and a password.', 'login')
    return
  }
  const authenticate = passport.authenticate(
    'local',
    (error: unknown, user: Express.User | false | undefined) => {
      if (error) next(error)
      else if (user) req.logIn(user, next)
      else answerProblem(req, res, 401, 'login_failed', 'That name or password is wrong.', 'login')
    },
  ) as RequestHandler
  void authenticate(req, res, next)
}

function register(users: Users): RequestHandler {
  const parsePhone = phoneParser()
  return async (req, res, next) => {
    const refuse = (status: number, code: string, detail: string) => {
      answerProblem(req, res, status, code, detail, 'register')
    }
    const username = textField(req, 'username', 64)
    const password = textField(req, 'password')
    const phone = textField(req, 'phone', 32)
    if (username === null || password === null || phone === null) {
      refuse(400, 'malformed_request', 'Give a user name, a password and a phone number.')
      return
    }
    const parsed = parsePhone(phone)
    if (parsed.status === 'refused') {
      refuse(422, parsed.code, 'That phone number cannot receive a code. Check it.')
      return
    }
    const user = await users.register(username, password, parsed.number)
    if (user === null) refuse(409, 'username_taken', 'That user name is taken.')
    else req.logIn(user, next)
  }
}

const logout: RequestHandler = (req, res, next) => {
  req.logOut((error: unknown) => {
    if (error) next(error)
    else if (wantsPage(req)) res.redirect(303, '/')
    else res.status(204).end()
  })
}

const passwordOnly: RequestHandler = (req, res, next) => {
  if (req.user) next()
  else if (wantsPage(req)) res.redirect(303, '/login')
  else answerProblem(req, res, 401, 'login_required', 'Log in with your password first.')
}

/** An amount as JSON or as a form gives it. */
function amountOf(body: unknown): number | null {
  const value: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, 'amount') : undefined
  const amount =
    typeof value === 'string' && /^\d{1,9}(\.\d{1,2})?$/.test(value) ? Number(value) : value
  return typeof amount === 'number' && Number.isFinite(amount) && amount > 0 ? amount : null
}
