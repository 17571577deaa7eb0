/** When the count server freezes or dies, sign-ins are still sent their code, and new phones are not. */

import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { redisCounts } from '../../src/adapters/redis/index.js'
import { sequelizeCounts } from '../../src/adapters/sequelize/index.js'
import type { CountStore } from '../../src/ports/count-store.js'
import { openSequelize } from '../support/databases.js'
import { openLimited, phoneInRow } from '../support/limited-rig.js'
import { hasOwnServer, startOwnServer, type OwnServer } from '../support/own-servers.js'
import { until, within } from '../support/until.js'

const known = { purpose: 'sign-in', phoneClass: 'known' } as const

/** Much longer than the limits wait for two calls, and shorter than a person would. */
const boundSeconds = 6

interface Opened {
  readonly counts: CountStore
  close(): unknown
}

async function open(name: 'PostgreSQL' | 'MariaDB' | 'Redis', url: string): Promise<Opened> {
  if (name === 'Redis') {
    const client = createClient({ url, socket: { reconnectStrategy: 100 } })
    client.on('error', () => undefined)
    await client.connect()
    const counts = redisCounts({ sendCommand: (_key, args) => client.sendCommand(args) })
    return {
      counts,
      close: () => {
        client.destroy()
      },
    }
  }
  const sequelize = openSequelize({ name, url })
  const counts = sequelizeCounts({ sequelize })
  await counts.sync()
  return { counts, close: () => sequelize.close() }
}

for (const name of ['PostgreSQL', 'MariaDB', 'Redis'] as const) {
  describe(`counts in ${name}`, { skip: !hasOwnServer(name), timeout: 60_000 }, () => {
    let server: OwnServer
    let opened: Opened
    beforeAll(async () => {
      server = await startOwnServer(name)
      opened = await open(name, server.url)
    })
    afterAll(async () => {
      server.resume()
      await opened.close()
      await server.close()
    })

    test('whose server freezes, dies and comes back', async () => {
      const rig = openLimited({ counts: opened.counts, timeoutSeconds: 1 })
      let next = 0
      const send = (parts = {}) => {
        next += 1
        const destination = phoneInRow(next * 10_007)
        return within(boundSeconds, rig.send({ destination, ...parts }))
      }
      expect(await send()).toBe('sent')

      await server.pause()
      expect(await send()).toBe('delivery_unavailable')
      expect(await send(known)).toBe('sent')
      server.resume()
      await until(async () => (await send()) === 'sent')

      await server.kill()
      expect(await send()).toBe('delivery_unavailable')
      expect(await send(known)).toBe('sent')
      await server.start()
      await until(async () => (await send()) === 'sent')

      const faults = rig.events.filter(({ type }) => type === 'fault')
      expect(faults).toHaveLength(1)
    })
  })
}
