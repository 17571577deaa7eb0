/** Starts the example: reads the environment, opens its connections, listens, and stops on SIGTERM. */

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

/** The timeout of a health check. */
const healthSeconds = 2

/** The time that running requests have to finish after SIGTERM. */
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
  // Listens first, because passkeys are bound to the port, which the system may choose. Requests wait until `on` below.
  const address = addressOf(settings, await listen(server, settings))
  const secondFactor = createExampleSecondFactor({ ...opened, address, store })
  const parts = { settings, address, provider, users, sessions, transfers }
  server.on('request', createApp({ ...parts, secondFactor, health }))
  stopOnSignal(server, async () => {
    sessions.close()
    state.close()
    // Before the database, because it still writes its last counts there.
    await secondFactor.close()
    await sequelize.close()
  })
  // Last, because a reader of this line may send a signal at once.
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

/** On a signal, takes no new requests, lets running ones finish, and closes their resources. */
function stopOnSignal(server: Server, close: () => Promise<void>): void {
  const stop = () => {
    // Otherwise the idle connections of browsers would keep the process alive.
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
