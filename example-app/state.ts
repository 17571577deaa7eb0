/** Where the state of the second factor lives: in the database, or in Redis where there is one. */

import type { StateStore } from 'passport-second-factor'
import { redisStore } from 'passport-second-factor/redis'
import { sequelizeStore } from 'passport-second-factor/sequelize'
import { createClient } from 'redis'
import type { Sequelize } from 'sequelize'

import { nameOf, SettingError } from './environment.js'
import { log } from './log.js'

export interface State {
  readonly store: StateStore
  close(): void
}

/** Nobody's: reading its row asks whether the store answers. */
export const probe = 'nobody'

const hour = 3_600_000

/** State in the application's database. */
export function databaseState(sequelize: Sequelize): State {
  const store = sequelizeStore({ sequelize })
  // Takes rows away that limit nobody any more. Where it fails there is a next time.
  const timer = setInterval(() => {
    store.prune(new Date(Date.now() - 24 * hour)).catch(() => undefined)
  }, hour)
  return {
    store,
    close() {
      clearInterval(timer)
    },
  }
}

/** State in Redis, whose rows expire by themselves. */
export async function redisState(url: string): Promise<State> {
  let connected = false
  const client = createClient({
    url,
    // While there is no connection a command fails at once, and nobody waits for it.
    disableOfflineQueue: true,
    // A connection that was lost without a word answers no ping either.
    pingInterval: 5_000,
    socket: {
      connectTimeout: 5_000,
      socketTimeout: 15_000,
      // A lost connection comes back by itself; one that was never there stops the start.
      reconnectStrategy: (tries) => connected && Math.min(tries * 100, 2_000),
    },
  })
  // Without a listener an error of the connection would end the process.
  client.on('error', (error: unknown) => {
    if (connected) log('error', { type: 'redis_failed', error: nameOf(error) })
  })
  const store = redisStore({ sendCommand: (_key, args) => client.sendCommand(args) })
  try {
    await client.connect()
    connected = true
  } catch (error) {
    throw new SettingError(`REDIS_URL: Redis cannot be reached (${nameOf(error)})`)
  }
  // The first command also says whether Redis might forget a lock.
  await store.read(probe).catch((error: unknown) => {
    throw new SettingError(`REDIS_URL: ${error instanceof Error ? error.message : 'no answer'}`)
  })
  return {
    store,
    close() {
      client.destroy()
    },
  }
}
