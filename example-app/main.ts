/** Starts the example: reads the environment, opens what it names, listens, and stops on SIGTERM. */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { ConfigurationError, policyFromEnv } from 'passport-second-factor'

import { createApp } from './app.js'
import { migrate, openDatabase } from './database.js'
import { within } from './deadline.js'
import { nameOf, SettingError, type Environment } from './environment.js'
import { pickProvider } from './providers.js'
import { createExampleSecondFactor } from './second-factor.js'
import { createSessions } from './sessions.js'
import { readSettings, type Settings } from './settings.js'
import { databaseState, probe, redisState } from './state.js'
import { createTransfers } from './transfers.js'
import { createUsers } from './users.js'

/** A health check that takes longer has failed. */
const healthSeconds = 2

/** How long requests that are under way may take after SIGTERM. */
const stopSeconds = 10

async function start(env: Environment): Promise<void> {
  const settings = readSettings(env)
  const policy = policyFromEnv(env)
  const provider = pickProvider(env, settings.production, policy)

  const sequelize = await openDatabase(settings.databaseUrl)
  const { redisUrl } = settings
  const state = redisUrl === null ? databaseState(sequelize) : await redisState(redisUrl)
  const { store } = state
  const users = createUsers(sequelize)
  const secondFactor = createExampleSecondFactor({ settings, policy, provider, store, users })
  const sessions = createSessions(sequelize)
  const transfers = createTransfers(sequelize)
  await migrate(sequelize, () => users.addDemoUsers())

  const health = () =>
    within(healthSeconds, Promise.all([sequelize.query('SELECT 1'), store.read(probe)]))
  const app = createApp({ settings, users, sessions, transfers, secondFactor, provider, health })
  const server = createServer(app)
  const address = await listen(server, settings)
  stopOnSignal(server, async () => {
    sessions.close()
    state.close()
    await sequelize.close()
  })
  // Last: whoever reads this may send a signal at once.
  console.log(`Listening on ${address} (codes by ${provider.name})`)
}

/** Listens, and answers the address. */
async function listen(server: Server, { host, port }: Settings): Promise<string> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, host, resolve)
    })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const variable = code === 'EADDRINUSE' || code === 'EACCES' ? 'PORT' : 'HOST'
    throw new SettingError(`${variable}: cannot listen on ${host}, port ${port} (${nameOf(error)})`)
  }
  const name = host.includes(':') ? `[${host}]` : host
  return `http://${name}:${(server.address() as AddressInfo).port}`
}

/** Stops taking requests, lets those under way finish, and closes what they use. */
function stopOnSignal(server: Server, close: () => Promise<void>): void {
  const stop = () => {
    // Connections that browsers hold open would otherwise keep the process alive.
    const idle = setInterval(() => {
      server.closeIdleConnections()
    }, 100)
    setTimeout(() => process.exit(1), stopSeconds * 1000).unref()
    server.close(() => {
      clearInterval(idle)
      void close()
    })
  }
  process.once('SIGTERM', stop).once('SIGINT', stop)
}

start(process.env).catch((error: unknown) => {
  const expected = error instanceof SettingError || error instanceof ConfigurationError
  console.error(expected ? error.message : `The example cannot start: ${nameOf(error)}`)
  process.exit(1)
})
