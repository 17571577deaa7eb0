/** Starts the example: reads the environment, opens the database, listens, and stops on SIGTERM. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import sessionStore from 'connect-session-sequelize'
import session from 'express-session'
import { ConfigurationError, createSecondFactor, policyFromEnv } from 'passport-second-factor'
import { sequelizeStore } from 'passport-second-factor/sequelize'

import { createApp } from './app.js'
import { migrate, openDatabase } from './database.js'
import { pickSender } from './sender.js'
import { readSettings, SettingError, type Environment } from './settings.js'
import { createUsers, type AppUser } from './users.js'

/** How long requests that are under way may take after SIGTERM. */
const stopTimeoutMs = 10_000

async function start(env: Environment): Promise<void> {
  const settings = readSettings(env)
  const picked = pickSender(env)
  const sequelize = openDatabase(settings.databaseUrl)
  const users = createUsers(sequelize)
  const secondFactor = createSecondFactor<AppUser>({
    secret: settings.secondFactorSecret,
    store: sequelizeStore({ sequelize }),
    sender: picked.sender,
    policy: policyFromEnv(env),
    appName: 'Example',
    loginPath: '/login',
    defaultReturnTo: '/account',
    origins: settings.publicOrigin === undefined ? [] : [settings.publicOrigin],
    users: {
      id: (user) => user.id,
      phone: ({ phone, phoneConfirmed }) => phone && { number: phone, confirmed: phoneConfirmed },
      setVerifiedPhone: (user, phone) => users.setVerifiedPhone(user, phone),
      findByPhone: (phone) => users.findByPhone(phone),
    },
  })
  const SessionStore = sessionStore(session.Store)
  const sessions = new SessionStore({ db: sequelize, tableName: 'example_sessions' })
  await migrate(sequelize, [() => Promise.resolve(sessions.sync()), () => users.prepare()])

  const health = () => sequelize.query('SELECT 1')
  const app = createApp({ settings, users, sessions, secondFactor, picked, health })
  const server = createServer(app)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(settings.port, settings.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  console.log(`Listening on http://${settings.host}:${port} (codes by ${picked.name})`)

  const stop = () => {
    const force = setTimeout(() => process.exit(1), stopTimeoutMs)
    server.close(() => {
      sessions.stopExpiringSessions()
      void sequelize.close().finally(() => {
        clearTimeout(force)
      })
    })
    server.closeIdleConnections()
  }
  process.once('SIGTERM', stop).once('SIGINT', stop)
}

start(process.env).catch((error: unknown) => {
  const expected = error instanceof SettingError || error instanceof ConfigurationError
  const message = error instanceof Error ? error.message : String(error)
  console.error(expected ? message : `The example cannot start: ${message}`)
  process.exit(1)
})
