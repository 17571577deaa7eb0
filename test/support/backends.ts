/** Stores as an application opens them, with each supported client, on a server that the test starts. */

import type { Socket } from 'node:net'

import { Redis } from 'ioredis'
import { createClient } from 'redis'
import type { Options } from 'sequelize'

import { redisStore } from '../../src/adapters/redis/index.js'
import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import type { StateStore } from '../../src/ports/state-store.js'
import { openSequelize, type Database } from './databases.js'
import type { OwnServerName } from './own-servers.js'

/** A store as an application opens it. */
export interface Opened {
  readonly store: StateStore
  close(): unknown
}

export interface Backend {
  readonly name: string
  readonly server: OwnServerName
  /** `silence`: milliseconds after which a connection counts as lost, as the README asks for. Default: the client's. */
  readonly open: (url: string, silence?: number) => Promise<Opened>
}

async function openSql(database: Database, options: Options): Promise<Opened> {
  const sequelize = openSequelize(database, options)
  const store = sequelizeStore({ sequelize })
  await store.sync()
  return { store, close: () => sequelize.close() }
}

export const backends: readonly Backend[] = [
  {
    name: 'PostgreSQL',
    server: 'PostgreSQL',
    open: (url, silence) =>
      openSql(
        { name: 'PostgreSQL', url },
        silence === undefined
          ? {}
          : { dialectOptions: { query_timeout: silence, connectionTimeoutMillis: silence } },
      ),
  },
  {
    name: 'MariaDB',
    server: 'MariaDB',
    open: (url, silence) =>
      openSql(
        { name: 'MariaDB', url },
        silence === undefined
          ? {}
          : {
              hooks: {
                afterConnect(connection) {
                  const { stream } = connection as { stream: Socket }
                  stream.setTimeout(silence, () => stream.destroy())
                },
              },
            },
      ),
  },
  {
    name: 'Redis, by redis',
    server: 'Redis',
    async open(url, silence) {
      const client = createClient({
        url,
        ...(silence !== undefined && {
          pingInterval: silence / 2,
          // Left to itself it gives up for good after such a timeout.
          socket: { socketTimeout: silence, reconnectStrategy: 100 },
        }),
      })
      client.on('error', () => undefined)
      await client.connect()
      return {
        store: redisStore({ sendCommand: (_key, args) => client.sendCommand(args) }),
        close: () => {
          client.destroy()
        },
      }
    },
  },
  {
    name: 'Redis, by ioredis',
    server: 'Redis',
    open(url, silence) {
      const client = new Redis(url, {
        ...(silence !== undefined && {
          socketTimeout: silence,
          autoResendUnfulfilledCommands: false,
        }),
      })
      client.on('error', () => undefined)
      return Promise.resolve({
        store: redisStore({
          sendCommand: (_key, [command, ...args]) => client.call(command, args),
        }),
        close: () => {
          client.disconnect()
        },
      })
    },
  },
]
