/**
 * One of the applications with the same login, session and routes, forked with its kind and an SQLite file: `flows`
 * (this package), `cached` (the same with `grantCacheSeconds`), `baseline` (by hand, on Sequelize's models) or `fewest` (by hand, on the driver).
 */

import { createServer } from 'node:http'

import express from 'express'
import session from 'express-session'
import passport from 'passport'
import { Strategy } from 'passport-local'

import { baseline } from './baseline.mjs'
import { fewest } from './fewest.mjs'
import { createFactor, openSqlite, userAt } from './second-factor.mjs'

const [kind, storage] = process.argv.slice(2)

process.once('disconnect', () => process.exit())

const send = (to, code) => process.send({ to, code })
const userOf = (id) => userAt(Number(id.slice('user-'.length)))

passport.use(new Strategy((username, _password, done) => done(null, userOf(username))))
passport.serializeUser((user, done) => done(null, user.id))
passport.deserializeUser((id, done) => done(null, userOf(id)))

const app = express()
app.use(session({ secret: 'a benchmark', resave: false, saveUninitialized: false }))
app.use(passport.session())
const password = [express.json(), passport.authenticate('local')]
const page = (req, res) => res.json({ id: req.user?.id })

if (kind === 'flows' || kind === 'cached') {
  const { store } = await openSqlite(storage)
  const factor = createFactor(store, send, kind === 'cached' ? { grantCacheSeconds: 5 } : {})
  app.use(factor.session())
  app.post('/login', ...password, factor.begin())
  app.use('/second-factor', factor.router())
  app.get('/open', page)
  app.get('/account', factor.gate(), page)
} else {
  const calls =
    kind === 'baseline'
      ? await baseline((await openSqlite(storage)).sequelize)
      : await fewest(storage)
  app.post('/login', ...password, async (req, res) => {
    const code = await calls.start(req.user)
    if (code !== null) send(req.user.phone, code)
    res.status(code === null ? 429 : 200).json({ status: code === null ? 'wait' : 'pending' })
  })
  app.post('/second-factor/verify', express.json(), async (req, res) => {
    const { code } = req.body
    const { user } = req
    if (user === undefined || typeof code !== 'string' || !/^\d{6}$/.test(code)) {
      res.status(400).json({ error: 'malformed' })
      return
    }
    const answer = await calls.verify(user, code)
    if (answer !== 'passed') {
      res.status(403).json({ error: answer })
      return
    }
    // Passport regenerates the session at each login.
    await settled((done) => req.logIn(user, done))
    req.session.passedAs = user.id
    await settled((done) => req.session.save(done))
    res.json({ status: 'passed' })
  })
  app.get(
    '/account',
    (req, res, next) => {
      if (req.user !== undefined && req.session.passedAs === req.user.id) next()
      else res.status(403).json({ error: 'second_factor_required' })
    },
    page,
  )
}

const server = createServer(app)
// Connections are idle while the other servers have their turn; on a busy machine that takes a while.
server.keepAliveTimeout = 0
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))

function settled(work) {
  return new Promise((resolve, reject) => {
    work((error) => (error ? reject(error) : resolve()))
  })
}
