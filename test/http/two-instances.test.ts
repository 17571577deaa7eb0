/** Two instances in one session would end each other's grants: the developer gets an error at the first request. */

import { expect, test } from 'vitest'

import { ConfigurationError, createSecondFactor, memoryStore } from '../../src/index.js'
import { startTestApp, type TestUser } from '../support/app.js'

test('two instances that share a session are reported', async () => {
  const app = await startTestApp({
    routes(server, secondFactor) {
      const other = createSecondFactor<TestUser>({
        secret: 'a secret of at least thirty-two bytes',
        store: memoryStore(),
        sender: { channel: 'sms', send: () => Promise.resolve({ status: 'sent' }) },
        users: { id: (user) => user.id, phone: (user) => user.phone },
      })
      server.get('/twice', secondFactor.session(), (_req, res) => res.send('fine'))
      server.get('/both', other.session(), (_req, res) => res.send('no'))
      server.get('/mixed', other.gate(), (_req, res) => res.send('no'))
      server.use('/other', other.router())
    },
  })
  try {
    const alice = await app.login('alice')
    expect((await alice.page('/twice')).text).toBe('fine')
    for (const path of ['/both', '/mixed', '/other/']) {
      expect((await alice.page(path)).status).toBe(500)
      expect(app.faults.at(-1)).toBeInstanceOf(ConfigurationError)
      expect(String(app.faults.at(-1))).toMatch(/two instances.*call createSecondFactor\(\) once/)
    }
  } finally {
    await app.close()
  }
})
