/** Starts the example: reads the environment, opens what it names, listens, and stops on SIGTERM. */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { ConfigurationError } from 'passport-second-factor'

import { addressOf } from './address.js'
import { createApp } from './app.js'
import { migrate } from './database.js'
import { within } from './deadline.js'
import { nameOf, SettingError, type Environment } from './environment.js'
import { open } from './open.js'
import { createExampleSecondFactor } from './second-factor.js'
import { createSessions } from './sessions.js'
import type { Settings } from './settings.js'
import { probe } from './state.js'
import { createTransfers } from './transfers.js'

/** A health check that takes longer has failed. */
const healthSeconds = 2

/** How long requests that are under way may take after SIGTERM. */
const stopSeconds = 10

async function start(env: Environment): Promise<void> {
  const opened = await open(env)
  const { settings, provider, sequelize, state, users } = opened
  const { store } = state
  const sessions = createSessions(sequelize)
  const transfers = createTransfers(sequelize)
  await migrate(sequelize, () => users.addDemoUsers())

  const health = () =>
    within(healthSeconds, Promise.all([sequelize.query('SELECT 1'), store.read(probe)]))
  const server = createServer()
  // Passkeys are bound to the port as well, which the system may have chosen. No request comes in before `on` below.
  const address = addressOf(settings, await listen(server, settings))
  const secondFactor = createExampleSecondFactor({ ...opened, address, store })
  const parts = { settings, address, provider, users, sessions, transfers }
  server.on('request', createApp({ ...parts, secondFactor, health }))
  stopOnSignal(server, async () => {
    sessions.close()
    state.close()
    // Before the database, for it writes what is not counted yet.
    await secondFactor.close()
    await sequelize.close()
  })
  // Last: whoever reads this may send a signal at once.
  const without = '; no passkeys, which need localhost, or a domain and https: in PUBLIC_URL'
  const note = address.passkeys === null ? without : ''
  console.log(`Listening on ${address.local} (codes by ${provider.name})${note}`)
}

/** Listens, and returns the port. */
async function listen(server: Server, { host, port }: Settings): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, host, resolve)
    })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const variable = code === 'EADDRINUSE' || code === 'EACCES' ? 'PORT' : 'HOST'
    throw new SettingError(`${variable}: cannot listen on ${host}, port ${port} (${nameOf(error)})`)
  }
  return (server.address() as AddressInfo).port
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
