/** The store of the second factor's state: the database, or Redis if `REDIS_URL` is set. */

import type { StateStore } from 'passport-second-factor'
import { redisStore } from 'passport-second-factor/redis'
import { sequelizeStore } from 'passport-second-factor/sequelize'
import type { Sequelize } from 'sequelize'

import { nameOf, SettingError } from './environment.js'
import { log } from './log.js'

export interface State {
  readonly store: StateStore
  close(): void
}

/** An id that nobody has; reading its row checks that the store responds. */
export const probe = 'nobody'

const hour = 3_600_000

/** Keeps the state in the application's database. */
export function databaseState(sequelize: Sequelize): State {
  const store = sequelizeStore({ sequelize })
  // Removes rows that no longer limit anybody. If it fails, the next run catches up.
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

/** Keeps the state in Redis, where rows expire by themselves. */
export async function redisState(url: string): Promise<State> {
  // Loading the client takes long, and most starts do not need it.
  const { createClient } = await import('redis')
  let connected = false
  const client = createClient({
    url,
    // Without a connection, commands fail at once, and no request waits for them.
    disableOfflineQueue: true,
    // Pings detect a connection that was lost silently.
    pingInterval: 5_000,
    socket: {
      connectTimeout: 5_000,
      socketTimeout: 15_000,
      // A lost connection is retried; if the first one fails, the start fails.
      reconnectStrategy: (tries) => connected && Math.min(tries * 100, 2_000),
    },
  })
  // Without a listener, a connection error would end the process.
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
  // The first command also checks that Redis cannot evict a lock.
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
