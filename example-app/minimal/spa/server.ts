/** A second factor for a single-page application: JSON endpoints, and one static page that calls them with `fetch`. */

import { join } from 'node:path'

import sessionStore from 'connect-session-sequelize'
import express, { type RequestHandler } from 'express'
import session from 'express-session'
import passport from 'passport'
import { consoleSender, createSecondFactor } from 'passport-second-factor'
import { migrations, sequelizeStore } from 'passport-second-factor/sequelize'
import { Sequelize } from 'sequelize'
import { SequelizeStorage, Umzug } from 'umzug'

import { isProduction, secretOf } from '../accounts.js'

const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'minimal.sqlite', logging: false })
const storage = new SequelizeStorage({ sequelize })
const context = sequelize.getQueryInterface()
await new Umzug({ migrations, context, storage, logger: undefined }).up()

const secondFactor = createSecondFactor({
  secret: secretOf('SECOND_FACTOR_SECRET'),
  store: sequelizeStore({ sequelize }),
  sender: consoleSender(), // refuses production: there it is twilioSender({ … })
  users: { id: (user) => user.id },
  appName: 'Minimal',
})
passport.use(secondFactor.strategy)

const app = express()
app.use((_req, res, next) => {
  res.set('Content-Security-Policy', "default-src 'self'; frame-ancestors 'none'; base-uri 'none'")
  next()
})
app.use(express.static(join(import.meta.dirname, '../../spa/public')))

const store = new (sessionStore(session.Store))({ db: sequelize })
await sequelize.sync() // the table of sessions
const cookie = { sameSite: 'lax', secure: isProduction } as const // app.set('trust proxy', 1) behind a proxy
const secret = secretOf('SESSION_SECRET')
app.use(session({ secret, store, cookie, resave: false, saveUninitialized: false }))
app.use(passport.session(), secondFactor.session(), secondFactor.sameOrigin())
app.use('/second-factor', secondFactor.router())

app.use('/api', express.json({ limit: '4kb' }))
// Limit the rate of this route, such as by express-rate-limit: nothing else slows the guessing of passwords down.
const password = passport.authenticate('local') as RequestHandler
app.post('/api/login', password, secondFactor.begin()) // sends the code
app.post('/api/logout', (req, res, next) => {
  req.logout((error) => {
    if (error) next(error)
    else res.sendStatus(204)
  })
})

app.use('/api', secondFactor.gate()) // everything below needs both factors
app.get('/api/account', (req, res) => {
  res.json({ username: req.user?.username })
})

const { PORT = '3000' } = process.env
app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://localhost:${PORT}: log in as alice with wonderland-7`)
})
