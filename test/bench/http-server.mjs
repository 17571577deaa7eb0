/**
 * One of the applications with the same login, session and routes, forked with its kind, a database and the place of
 * its sessions: `flows` (this package), `cached` (the same with `grantCacheSeconds`), and written by hand `baseline`
 * (on Sequelize's models), `query` (in SQL by `sequelize.query`), `prepared` (the same SQL prepared) and `fewest` (on
 * the driver).
 */

import { createServer } from 'node:http'

import express from 'express'
import session from 'express-session'
import passport from 'passport'
import { Strategy } from 'passport-local'

import { baseline } from './baseline.mjs'
import { fewest } from './fewest.mjs'
import { createFactor, openSqlite, userAt } from './second-factor.mjs'
import { openServer } from './services.mjs'
import { SqlSessions } from './sql-sessions.mjs'
import { strong } from './strong.mjs'

const [kind, database, sessions] = process.argv.slice(2)
const opened = await (database.includes('://') ? openServer(database) : openSqlite(database))
const { sequelize, store, tableName } = opened

process.once('disconnect', () => opened.close().finally(() => process.exit()))

// Reports the CPU time used so far.
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send({ cpuSeconds: (user + system) / 1e6 })
})

const send = (to, code) => process.send({ to, code })
const userOf = (id) => userAt(Number(id.slice('user-'.length)))

passport.use(new Strategy((username, _password, done) => done(null, userOf(username))))
passport.serializeUser((user, done) => done(null, user.id))
passport.deserializeUser((id, done) => done(null, userOf(id)))

async function sessionStore() {
  if (sessions !== 'database') return undefined
  const inDatabase = new SqlSessions(sequelize, `${tableName}_sessions`)
  await inDatabase.sync()
  return inDatabase
}

const app = express()
const kept = { resave: false, saveUninitialized: false, store: await sessionStore() }
app.use(session({ secret: 'a benchmark', ...kept }))
app.use(passport.session())
const password = [express.json(), passport.authenticate('local')]
const loggedIn = (_req, res) => res.json({ status: 'logged-in' })
const page = (req, res) => res.json({ id: req.user?.id })

if (kind === 'flows' || kind === 'cached') {
  const factor = createFactor(store, send, kind === 'cached' ? { grantCacheSeconds: 5 } : {})
  app.use(factor.session())
  app.post('/password', ...password, loggedIn)
  app.post('/login', ...password, factor.begin())
  app.use('/second-factor', factor.router())
  app.get('/open', page)
  app.get('/account', factor.gate(), page)
} else {
  const calls = await byHand()
  const start = async (req, res) => {
    const code = await calls.start(req.user, req.sessionID)
    if (code !== null) send(req.user.phone, code)
    res.status(code === null ? 429 : 201).json({ status: code === null ? 'wait' : 'pending' })
  }
  app.post('/password', ...password, loggedIn)
  app.post('/login', ...password, start)
  app.post('/second-factor/challenge', start)
  app.post('/second-factor/verify', express.json(), async (req, res) => {
    const { code } = req.body
    const { user } = req
    if (user === undefined || typeof code !== 'string' || !/^\d{6}$/.test(code)) {
      res.status(400).json({ error: 'malformed' })
      return
    }
    const answer = await calls.verify(user, req.sessionID, code)
    if (answer !== 'passed') {
      res.status(403).json({ error: answer })
      return
    }
    const { passport: login } = req.session
    await settled((done) => req.session.regenerate(done))
    // express-session writes it before the answer goes out.
    Object.assign(req.session, { passport: login, passedAs: user.id })
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

async function byHand() {
  switch (kind) {
    case 'baseline':
      return withoutSession(await baseline(sequelize))
    case 'fewest':
      return withoutSession(await fewest(database))
    default:
      return strong(sequelize, `${tableName}_codes`, kind === 'prepared')
  }
}

/** Codes of these are bound to the user alone. */
function withoutSession({ start, verify }) {
  return { start, verify: (user, _sessionId, code) => verify(user, code) }
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
