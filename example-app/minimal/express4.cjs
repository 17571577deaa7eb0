/** A second factor in a small CommonJS application on Express 4: an SQLite file, and codes on the console. */

'use strict'

const { randomBytes } = require('node:crypto')

const { hashSync, verify } = require('@node-rs/argon2')
const sessionStore = require('connect-session-sequelize')
const express = require('express')
const session = require('express-session')
const passport = require('passport')
const { Strategy: LocalStrategy } = require('passport-local')
const { consoleSender, createSecondFactor } = require('passport-second-factor')
const { migrations, sequelizeStore } = require('passport-second-factor/sequelize')
const { Sequelize } = require('sequelize')
const { SequelizeStorage, Umzug } = require('umzug')

const isProduction = process.env.NODE_ENV === 'production'
const newSecret = () => randomBytes(32).toString('base64url')
const { PORT = '3000', SESSION_SECRET, SECOND_FACTOR_SECRET } = process.env
if (isProduction && !(SESSION_SECRET && SECOND_FACTOR_SECRET)) throw new Error('set both secrets')

// Your application has these already: users, and a password login.
const users = [{ id: 1, username: 'alice', passwordHash: hashSync('wonderland-7') }]
const nobodysHash = hashSync(newSecret()) // an unknown name takes as long as a known one
passport.use(
  new LocalStrategy((username, password, done) => {
    const user = users.find((each) => each.username === username)
    verify(user ? user.passwordHash : nobodysHash, password).then(
      (isRight) => done(null, isRight && user),
      done,
    )
  }),
)
passport.serializeUser((user, done) => done(null, user.id))
passport.deserializeUser((id, done) => done(null, users.find((user) => user.id === id) || false))

const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'minimal.sqlite', logging: false })
const secondFactor = createSecondFactor({
  secret: SECOND_FACTOR_SECRET || newSecret(),
  store: sequelizeStore({ sequelize }),
  sender: consoleSender(), // refuses production: there it is twilioSender({ … })
  users: { id: (user) => user.id, label: (user) => user.username },
  appName: 'Minimal',
  loginPath: '/login',
  logoutPath: '/logout',
  defaultReturnTo: '/account',
})
passport.use(secondFactor.strategy)

const app = express()
const store = new (sessionStore(session.Store))({ db: sequelize })
app.use(
  session({
    secret: SESSION_SECRET || newSecret(),
    store,
    cookie: { sameSite: 'lax', secure: isProduction }, // app.set('trust proxy', 1) behind a proxy
    resave: false,
    saveUninitialized: false,
  }),
)
app.use(passport.session(), secondFactor.session(), secondFactor.sameOrigin())
app.use('/second-factor', secondFactor.router())

const page = (title, body) => `<!doctype html><html lang="en">
  <meta name="viewport" content="width=device-width"><title>${title}</title><h1>${title}</h1>${body}`
const loginForm = `<form method="post">
  <p><label>User name <input name="username" autocomplete="username" required></label>
  <p><label>Password <input name="password" type="password" autocomplete="current-password" required></label>
  <p><button>Log in</button></form>`
const logoutForm = '<form method="post" action="/logout"><button>Log out</button></form>'
app.get('/login', (_req, res) => res.send(page('Log in', loginForm)))
// Limit the rate of this route, such as by express-rate-limit: nothing else slows the guessing of passwords down.
app.post(
  '/login',
  express.urlencoded({ extended: false, limit: '4kb' }),
  passport.authenticate('local', { failureRedirect: '/login' }),
  secondFactor.begin(),
)
app.post('/logout', (req, res, next) => {
  req.logout((error) => (error ? next(error) : res.redirect(303, '/login')))
})

app.use(secondFactor.gate()) // everything below needs both factors
app.get('/', (_req, res) => res.redirect('/account'))
app.get('/account', (_req, res) => res.send(page('You’ve passed both factors', logoutForm)))

async function start() {
  const context = sequelize.getQueryInterface()
  const storage = new SequelizeStorage({ sequelize })
  await new Umzug({ migrations, context, storage, logger: undefined }).up()
  await sequelize.sync() // the table of sessions
  app.listen(Number(PORT), '127.0.0.1', () => {
    console.log(`http://localhost:${PORT}: log in as alice with wonderland-7`)
  })
}
start().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
