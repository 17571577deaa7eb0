/**
 * express-session writes a request's copy of the session back when it responds. A session that ended during the
 * request must not come back that way.
 */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath, pathToFileURL } from 'node:url'

import express from 'express'
import session, { type Store } from 'express-session'
import { describe, expect, test } from 'vitest'

import { Browser } from '../support/browser.js'
import { openSequelize } from '../support/databases.js'
import { afterTests } from '../support/after-tests.js'
import { scratchDatabases } from '../support/scratch-databases.js'

/** The checks of the example's own built file. */
interface SessionsFile {
  readonly createSessions: (sequelize: ReturnType<typeof openSequelize>) => {
    readonly store: Store
    endAll(userId: number): Promise<void>
    close(): void
  }
}
const file = fileURLToPath(new URL('../../example-app/dist/sessions.js', import.meta.url))
const { createSessions } = (await import(pathToFileURL(file).href)) as SessionsFile

for (const database of await scratchDatabases()) {
  describe(`a session on ${database.name}`, () => {
    test('that ended during a request stays ended', async () => {
      const sequelize = openSequelize(database)
      const sessions = createSessions(sequelize)
      await sequelize.sync()

      let arrived: (value?: unknown) => void = Boolean
      let release: (value?: unknown) => void = Boolean
      const arrival = new Promise((resolve) => (arrived = resolve))
      const released = new Promise((resolve) => (release = resolve))
      const app = express()
      app.use(
        session({
          secret: 'a secret of this test alone, 32 bytes',
          store: sessions.store,
          resave: false,
          saveUninitialized: false,
        }),
      )
      app.post('/login', (req, res) => {
        Object.assign(req.session, { login: { userId: 1, at: Date.now(), userAgent: '' } })
        res.json({})
      })
      app.post('/slow', async (req, res) => {
        Object.assign(req.session, { basket: 'changed' })
        arrived()
        await released
        res.json({})
      })
      app.get('/', (req, res) => {
        const { cookie: _cookie, ...kept } = JSON.parse(JSON.stringify(req.session)) as Record<
          string,
          unknown
        >
        res.json(kept)
      })
      const server = createServer(app).listen(0, '127.0.0.1')
      afterTests(async () => {
        server.close()
        server.closeAllConnections()
        sessions.close()
        await sequelize.close()
      })
      await new Promise((resolve) => server.once('listening', resolve))
      const browser = new Browser(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)

      await browser.post('/login')
      const told = (await browser.get('/')).json
      expect(told).toEqual({ login: expect.objectContaining({ userId: 1 }) as object })
      const slow = browser.copy().post('/slow')
      await arrival
      await sessions.endAll(1)
      release()
      expect((await slow).status).toBe(200)
      expect((await browser.get('/')).json).toEqual({})

      // One that has not ended keeps what a request writes into it.
      await browser.post('/login')
      await browser.post('/slow')
      expect((await browser.get('/')).json).toMatchObject({ basket: 'changed' })
    })
  })
}
