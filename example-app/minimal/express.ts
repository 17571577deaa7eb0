/** A second factor in a small Express 5 application: an SQLite file, and codes on the console. */

import sessionStore from 'connect-session-sequelize'
import express, { type RequestHandler } from 'express'
import session from 'express-session'
import passport from 'passport'
import { consoleSender, createSecondFactor } from 'passport-second-factor'
import { migrations, sequelizeStore } from 'passport-second-factor/sequelize'
import { Sequelize } from 'sequelize'
import { SequelizeStorage, Umzug } from 'umzug'

import { isProduction, secretOf } from './accounts.js'

const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'minimal.sqlite', logging: false })
const storage = new SequelizeStorage({ sequelize })
const context = sequelize.getQueryInterface()
await new Umzug({ migrations, context, storage, logger: undefined }).up()

const secondFactor = createSecondFactor({
  secret: secretOf('SECOND_FACTOR_SECRET'),
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
await sequelize.sync() // the table of sessions
const cookie = { sameSite: 'lax', secure: isProduction } as const // app.set('trust proxy', 1) behind a proxy
const secret = secretOf('SESSION_SECRET')
app.use(session({ secret, store, cookie, resave: false, saveUninitialized: false }))
app.use(passport.session(), secondFactor.session(), secondFactor.sameOrigin())
app.use('/second-factor', secondFactor.router())

const page = (title: string, body: string) => `<!doctype html><html lang="en">
  <meta name="viewport" content="width=device-width"><title>${title}</title><h1>${title}</h1>${body}`
const loginForm = `<form method="post">
  <p><label>User name <input name="username" autocomplete="username" required></label>
  <p><label>Password <input name="password" type="password" autocomplete="current-password" required></label>
  <p><button>Log in</button></form>`
const logoutForm = '<form method="post" action="/logout"><button>Log out</button></form>'
app.get('/login', (_req, res) => {
  res.send(page('Log in', loginForm))
})
// Limit the rate of this route, such as by express-rate-limit: nothing else slows the guessing of passwords down.
app.post(
  '/login',
  express.urlencoded({ extended: false, limit: '4kb' }),
  passport.authenticate('local', { failureRedirect: '/login' }) as RequestHandler,
  secondFactor.begin(), // sends the code
)
app.post('/logout', (req, res, next) => {
  req.logout((error) => {
    if (error) next(error)
    else res.redirect(303, '/login')
  })
})

app.use(secondFactor.gate()) // everything below needs both factors
app.get('/', (_req, res) => {
  res.redirect('/account')
})
app.get('/account', (_req, res) => {
  res.send(page('You’ve passed both factors', logoutForm))
})

const { PORT = '3000' } = process.env
app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://localhost:${PORT}: log in as alice with wonderland-7`)
})
