/** The table can be created and removed by Umzug, and read through a model. */

import { Op, QueryTypes } from 'sequelize'
import { SequelizeStorage, Umzug } from 'umzug'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'

import {
  defineSecondFactorModel,
  migrations,
  migrationsFor,
  sequelizeAudit,
  sequelizeCounts,
  sequelizeStore,
} from '../../src/adapters/sequelize/index.js'
import { columns } from '../../src/adapters/sql/columns.js'
import {
  baseAt,
  freshSubject,
  fullPhonePart,
  fullState,
  unknownPart,
} from '../../src/testing/contract-fixtures.js'
import { dropTables, openSequelize, sqlDatabases, withSequelize } from '../support/databases.js'

const tableName = 'sf_migrations'
const countsTableName = 'sf_migrations_counts'
const auditTableName = 'sf_migrations_audit'
const historyTable = 'sf_migrations_history'

for (const database of await sqlDatabases()) {
  describe(`the table on ${database.name}`, () => {
    const sequelize = openSequelize(database)
    const store = sequelizeStore({ sequelize, tableName })
    const counts = sequelizeCounts({ sequelize, tableName: countsTableName })
    const audit = sequelizeAudit({ sequelize, tableName: auditTableName })
    const umzug = new Umzug({
      migrations: migrationsFor({ tableName, countsTableName, auditTableName }),
      context: sequelize.getQueryInterface(),
      storage: new SequelizeStorage({ sequelize, tableName: historyTable }),
      logger: undefined,
    })
    const tables = async () => {
      const names = await sequelize.getQueryInterface().showAllTables()
      return names.filter((name) => [tableName, countsTableName, auditTableName].includes(name))
    }

    beforeEach(() =>
      dropTables(sequelize, tableName, countsTableName, auditTableName, historyTable),
    )
    afterAll(async () => {
      await dropTables(sequelize, tableName, countsTableName, auditTableName, historyTable)
      await sequelize.close()
    })

    test('can be created, dropped and created again by Umzug', async () => {
      for (let round = 0; round < 2; round += 1) {
        const done = await umzug.up()
        expect(done.map(({ name }) => name)).toEqual([
          `passport-second-factor-0001-create-${tableName}`,
          `passport-second-factor-0002-create-${countsTableName}`,
          `passport-second-factor-0003-create-${auditTableName}`,
        ])
        expect(await umzug.up()).toEqual([])
        const state = fullState(freshSubject('umzug'), 1)
        expect(await store.compareAndSwap(state.subject, null, state)).toBe(true)
        expect(await store.read(state.subject)).toEqual(state)
        const addition = { counter: 'n:umzug', bucket: 1, units: 1, keepUntil: 2 }
        await counts.add([addition])
        expect(await counts.series(['n:umzug'], 0)).toHaveLength(1)
        expect(await audit.read({ subject: 'umzug', limit: 1, before: null })).toEqual([])
        await umzug.down({ to: 0 })
        expect(await tables()).toEqual([])
      }
    })

    test('has the columns of a row, and one written only by operators', async () => {
      await umzug.up()
      await store.compareAndSwap('columns', null, fullState('columns', 1))
      const [row = {}] = await sequelize.query<object>(`SELECT * FROM ${tableName}`, {
        type: QueryTypes.SELECT,
      })
      const named = columns.map(({ column }) => column)
      expect(Object.keys(row)).toEqual(['subject', ...named, 'factors_due_at'])
    })

    // MariaDB makes the index in one statement with the table.
    test.skipIf(database.name === 'MariaDB')(
      'gets the index that an interrupted migration missed',
      async () => {
        const indexes = async () => {
          const found = (await sequelize.getQueryInterface().showIndex(tableName)) as object[]
          return found.map((index) => String(Reflect.get(index, 'name')))
        }
        await umzug.up()
        await sequelize.query(`DROP INDEX ${tableName}_keep_until`)
        expect(await indexes()).not.toContain(`${tableName}_keep_until`)
        await store.sync()
        expect(await indexes()).toContain(`${tableName}_keep_until`)
      },
    )

    test('keeps its rows when several processes sync an existing table at once', async () => {
      await Promise.all([store.sync(), store.sync(), store.sync()])
      const state = fullState(freshSubject('sync'), 1)
      await store.compareAndSwap(state.subject, null, state)
      await store.sync()
      await umzug.up()
      expect(await store.read(state.subject)).toEqual(state)
    })

    test('holds one row per subject, whoever writes it', async () => {
      await store.sync()
      const state = fullState(freshSubject('one row'), 1)
      await store.compareAndSwap(state.subject, null, state)
      const copy = sequelize.query(`INSERT INTO ${tableName} SELECT * FROM ${tableName}`)
      await expect(copy).rejects.toThrow()
    })

    test('can be read through the model in operators’ terms', async () => {
      const model = defineSecondFactorModel(sequelize, { tableName })
      await sequelize.sync()
      const state = fullState(freshSubject('model'), 9)
      const { challenge } = fullPhonePart
      const number = (wanted: number) =>
        expect.toSatisfy((value: unknown) => Number(value) === wanted) as unknown
      await store.compareAndSwap(state.subject, null, state)
      const found = await model.findAll({
        where: { failures: { [Op.gte]: 10 }, lockedUntil: { [Op.gt]: new Date(baseAt) } },
      })
      expect(found.map((row) => row.get())).toEqual([
        {
          subject: state.subject,
          version: number(9),
          challengeId: challenge.id,
          sessionKey: challenge.sessionKey,
          keyId: challenge.code.keyId,
          purpose: 'enrolment',
          codeOwner: 'local',
          channel: 'whatsapp',
          destination: challenge.destination,
          hostedRef: null,
          challengeEpoch: number(21),
          issuedAt: new Date(baseAt + 1),
          expiresAt: new Date(baseAt + 300_002),
          attempts: 3,
          maxAttempts: 5,
          challengeSends: 2,
          messageRef: challenge.receipt.ref,
          delivery: 'failed',
          deliveryReason: 'not_delivered',
          sendCount: 7,
          sendRung: 4,
          lastSendAt: new Date(baseAt + 3),
          nextSendAt: new Date(baseAt + 30_004),
          sendResetAt: new Date(baseAt + 86_400_005),
          sendWindowStartedAt: new Date(baseAt - 3_600_006),
          sendWindowCount: 9,
          sendAnsweredCount: 3,
          failures: 13,
          lockDisabled: false,
          lockTier: 1,
          lockedUntil: new Date(baseAt + 1_800_007),
          epoch: number(21),
          grants: state.grants,
          factors: JSON.stringify({ another: unknownPart }),
          factorKinds: 'another',
          sealedBy: unknownPart.sealedBy,
          factorsDueAt: null,
          keepUntil: new Date(baseAt + 86_400_013),
          updatedAt: new Date(baseAt + 11),
        },
      ])
      const until = new Date(baseAt + 1_800_007)
      expect(await model.count({ where: { lockedUntil: { [Op.gte]: until } } })).toBe(1)
      expect(await model.count({ where: { lockedUntil: { [Op.gt]: until } } })).toBe(0)
    })

    test('is created with its checks by the application’s sequelize.sync(), and never altered by it', () =>
      withSequelize(database, {}, async (other) => {
        defineSecondFactorModel(other, { tableName })
        await other.sync()
        const state = fullState(freshSubject('host sync'), 1)
        await store.compareAndSwap(state.subject, null, state)
        await other.sync({ alter: true })
        await expect(sequelize.query(`UPDATE ${tableName} SET attempts = 9`)).rejects.toThrow()
        expect(await store.read(state.subject)).toEqual(state)
        await other.sync({ force: true })
        expect(await store.read(state.subject)).toBe(null)
      }))
  })
}

test('the exported migrations are for the default table', () => {
  expect(migrations.map(({ name }) => name)).toEqual(migrationsFor().map(({ name }) => name))
  expect(migrations[0]?.name).toContain('second_factor_states')
})
