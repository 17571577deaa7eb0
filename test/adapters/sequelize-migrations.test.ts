/** The table: made and removed by Umzug, guarded by its own checks, readable through a model. */

import { Op, QueryTypes } from 'sequelize'
import { SequelizeStorage, Umzug } from 'umzug'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'

import {
  defineSecondFactorModel,
  migrations,
  migrationsFor,
  sequelizeStore,
} from '../../src/adapters/sequelize/index.js'
import { baseAt, freshSubject, fullState } from '../../src/testing/contract-fixtures.js'
import { dropTables, openSequelize, sqlDatabases, withSequelize } from '../support/databases.js'

const tableName = 'sf_migrations'
const historyTable = 'sf_migrations_history'

for (const database of await sqlDatabases()) {
  describe(`the table on ${database.name}`, () => {
    const sequelize = openSequelize(database)
    const store = sequelizeStore({ sequelize, tableName })
    const umzug = new Umzug({
      migrations: migrationsFor({ tableName }),
      context: sequelize.getQueryInterface(),
      storage: new SequelizeStorage({ sequelize, tableName: historyTable }),
      logger: undefined,
    })
    const tables = async () => {
      const names = await sequelize.getQueryInterface().showAllTables()
      return names.filter((name) => name === tableName)
    }

    beforeEach(() => dropTables(sequelize, tableName, historyTable))
    afterAll(async () => {
      await dropTables(sequelize, tableName, historyTable)
      await sequelize.close()
    })

    test('comes by Umzug, goes by Umzug, and comes again', async () => {
      for (let round = 0; round < 2; round += 1) {
        const done = await umzug.up()
        expect(done.map(({ name }) => name)).toEqual([
          `passport-second-factor-0001-create-${tableName}`,
          `passport-second-factor-0002-add-receipts-${tableName}`,
        ])
        expect(await umzug.up()).toEqual([])
        const state = fullState(freshSubject('umzug'), 1)
        expect(await store.compareAndSwap(state.subject, null, state)).toBe(true)
        expect(await store.read(state.subject)).toEqual(state)
        await umzug.down({ to: 0 })
        expect(await tables()).toEqual([])
      }
    })

    test('gets the columns of receipts and loses them again, and keeps every row of the first release', async () => {
      const columns = async () => {
        const [row = {}] = await sequelize.query<Record<string, unknown>>(
          `SELECT * FROM ${tableName}`,
          { type: QueryTypes.SELECT },
        )
        return Object.keys(row)
      }
      await umzug.up()
      const state = fullState(freshSubject('receipts'), 1)
      await store.compareAndSwap(state.subject, null, state)
      const added = ['message_ref', 'delivery', 'delivery_reason']
      expect(await columns()).toEqual(expect.arrayContaining(added))

      expect((await umzug.down()).map(({ name }) => name)).toEqual([
        `passport-second-factor-0002-add-receipts-${tableName}`,
      ])
      expect(await columns()).not.toContain('message_ref')
      expect(await columns()).toHaveLength(29)
      await expect(store.read(state.subject)).rejects.toThrow('run the migrations')

      await umzug.up()
      const unreported = {
        ...state,
        challenge: state.challenge && { ...state.challenge, receipt: null },
      }
      expect(await store.read(state.subject)).toEqual(unreported)
      expect(await store.compareAndSwap(state.subject, 1, { ...state, version: 2 })).toBe(true)
      expect(await store.read(state.subject)).toEqual({ ...state, version: 2 })
    })

    test('gets a column that an interrupted migration left out', async () => {
      await umzug.up()
      await sequelize.query(`ALTER TABLE ${tableName} DROP COLUMN delivery_reason`)
      await store.sync()
      const state = fullState(freshSubject('interrupted'), 1)
      await store.compareAndSwap(state.subject, null, state)
      expect(await store.read(state.subject)).toEqual(state)
    })

    test('keeps its rows when sync finds it made already, by several processes at once', async () => {
      await Promise.all([store.sync(), store.sync(), store.sync()])
      const state = fullState(freshSubject('sync'), 1)
      await store.compareAndSwap(state.subject, null, state)
      await store.sync()
      await umzug.up()
      expect(await store.read(state.subject)).toEqual(state)
    })

    test.each([
      ['a budget of no guesses', 'max_attempts = 0, attempts = 0'],
      ['a budget below none', 'max_attempts = -1, attempts = 0'],
      ['a negative count of guesses', 'attempts = -1'],
      ['more guesses than the budget', 'attempts = 6'],
      ['no count of guesses', 'attempts = NULL'],
      ['no budget', 'max_attempts = NULL'],
      ['no expiry', 'expires_at = NULL'],
      ['half a challenge', 'challenge_id = NULL'],
      ['negative failures', 'failures = -1'],
      ['no failures', 'failures = NULL'],
      ['neither locked nor not', 'lock_disabled = NULL'],
      ['a negative lock', 'lock_tier = -1'],
      ['negative messages', 'send_window_count = -1'],
      ['no version', 'version = NULL'],
    ])('refuses %s, whoever writes it', async (_what, change) => {
      await store.sync()
      const state = fullState(freshSubject('check'), 1)
      await store.compareAndSwap(state.subject, null, state)
      await expect(sequelize.query(`UPDATE ${tableName} SET ${change}`)).rejects.toThrow()
      expect(await store.read(state.subject)).toEqual(state)
    })

    test('holds one row per subject, whoever writes it', async () => {
      await store.sync()
      const state = fullState(freshSubject('one row'), 1)
      await store.compareAndSwap(state.subject, null, state)
      const copy = sequelize.query(`INSERT INTO ${tableName} SELECT * FROM ${tableName}`)
      await expect(copy).rejects.toThrow()
    })

    test('is read by the model as the operator would ask it', async () => {
      const model = defineSecondFactorModel(sequelize, { tableName })
      await sequelize.sync()
      const state = fullState(freshSubject('model'), 9)
      await store.compareAndSwap(state.subject, null, state)
      const found = await model.findAll({
        where: { failures: { [Op.gte]: 10 }, lockedUntil: { [Op.gt]: new Date(baseAt) } },
      })
      expect(found.map((row) => row.get())).toEqual([
        {
          subject: state.subject,
          version: expect.toSatisfy((version: unknown) => Number(version) === 9) as unknown,
          challengeId: state.challenge?.id,
          keyId: state.challenge?.keyId,
          purpose: state.challenge?.purpose,
          method: state.challenge?.method,
          channel: state.challenge?.channel,
          destination: state.challenge?.destination,
          hostedRef: state.challenge?.hostedRef,
          issuedAt: new Date(baseAt + 1),
          expiresAt: new Date(baseAt + 300_002),
          attempts: 3,
          maxAttempts: 5,
          challengeSends: 2,
          messageRef: state.challenge?.receipt?.ref,
          delivery: 'failed',
          deliveryReason: 'not_delivered',
          sendCount: 7,
          sendRung: 4,
          lastSendAt: new Date(baseAt + 3),
          nextSendAt: new Date(baseAt + 30_004),
          sendResetAt: new Date(baseAt + 86_400_005),
          sendWindowStartedAt: new Date(baseAt - 3_600_006),
          sendWindowCount: 9,
          failures: 13,
          lockDisabled: false,
          lockTier: 1,
          lockedUntil: new Date(baseAt + 1_800_007),
          epoch: expect.toSatisfy((epoch: unknown) => Number(epoch) === 21) as unknown,
          grants: state.grants,
          keepUntil: null,
          updatedAt: new Date(baseAt + 11),
        },
      ])
      const until = new Date(baseAt + 1_800_007)
      expect(await model.count({ where: { lockedUntil: { [Op.gte]: until } } })).toBe(1)
      expect(await model.count({ where: { lockedUntil: { [Op.gt]: until } } })).toBe(0)
    })

    test('is made with its checks by the application’s own sequelize.sync(), and altered by none', () =>
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

test('the exported migrations are those of the default table', () => {
  expect(migrations.map(({ name }) => name)).toEqual(migrationsFor().map(({ name }) => name))
  expect(migrations[0]?.name).toContain('second_factor_states')
})
