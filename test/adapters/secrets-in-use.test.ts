/** The rows that still need a secret are counted, to show when it can be removed. */

import { afterAll, describe, expect, test } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import { createSecondFactor, memoryStore, totp, type CodeSender } from '../../src/index.js'
import { t0 } from '../support/clock.js'
import { dropTables, openSequelize, sqlDatabases } from '../support/databases.js'

const [old, fresh] = [
  'old-secret-of-at-least-32-bytes-0123',
  'new-secret-of-at-least-32-bytes-4567',
]
const sender: CodeSender = { channel: 'sms', send: () => Promise.resolve({ status: 'sent' }) }
const tableName = 'sf_secrets_in_use'

type Person = Express.User & { readonly id: number }

function person(id: number): Person {
  return { id, username: `user-${id}` }
}

for (const database of await sqlDatabases()) {
  describe(`secrets on ${database.name}`, () => {
    const sequelize = openSequelize(database)
    const store = sequelizeStore({ sequelize, tableName })
    let now = t0
    const withSecret = (secret: string[]) =>
      createSecondFactor<Person>({
        ...{ secret, sender, store, factors: [totp()], clock: () => now },
        users: {
          id: ({ id }) => id,
          phone: ({ id }) => `+23767123450${id}`,
        },
      })
    afterAll(async () => {
      await dropTables(sequelize, tableName)
      await sequelize.close()
    })

    test('are needed by codes until they expire, and by factors until they are resealed', async () => {
      await dropTables(sequelize, tableName)
      await store.sync()
      const before = withSecret([old])
      const [id] = ((await before.secretsInUse()) ?? []).map((use) => use.id)
      for (const user of [person(1), person(2)]) {
        await before.importTotp(user, 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP')
        await before.start(user, { method: 'sms' })
      }
      const during = withSecret([fresh, old])
      expect(await during.secretsInUse()).toMatchObject([
        { role: 'issues', challenges: 0, seals: 0 },
        { id, role: 'verifies', challenges: 2, seals: 2 },
      ])
      await during.start(person(3), { method: 'sms' })
      await during.reseal(person(1))
      now += 3_600_000
      expect(await during.secretsInUse()).toMatchObject([
        { role: 'issues', challenges: 0, seals: 1 },
        { id, role: 'verifies', challenges: 0, seals: 1 },
      ])
      expect(await withSecret([fresh]).secretsInUse()).toMatchObject([
        { role: 'issues', seals: 1 },
        { id, role: 'missing', seals: 1 },
      ])
      await during.reseal(person(2))
      expect(await during.secretsInUse()).toMatchObject([
        { role: 'issues', seals: 2 },
        { id, role: 'verifies', challenges: 0, seals: 0 },
      ])
    })
  })
}

test('are not counted by a store that cannot search its rows', async () => {
  const users = { id: () => 1, phone: () => null }
  const secondFactor = createSecondFactor({
    secret: old,
    sender,
    store: memoryStore(),
    users,
  })
  expect(await secondFactor.secretsInUse()).toBeNull()
})
