/** When the database fails, the Sequelize store retries once if that is safe, and reveals no secrets. */

import { inspect } from 'node:util'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import { StoreUnavailableError } from '../../src/core/errors.js'
import {
  bareState,
  freshSubject,
  fullPhonePart,
  fullState,
  withParts,
} from '../../src/testing/contract-fixtures.js'
import { dropTables, openSequelize, sqlDatabases, withSequelize } from '../support/databases.js'

const tableName = 'sf_faults'

/** Codes by which the databases say that they changed nothing and may do so when asked again. */
const passing = ['SQLITE_BUSY', '40001', '40P01', 'ER_LOCK_DEADLOCK']

function driverError(code: string): Error {
  return Object.assign(new Error('as a driver throws it'), { code })
}

/** The error that a call rejects with. */
function rejection(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => {
      throw new Error('expected a rejection')
    },
    (error: unknown) => error,
  )
}

for (const database of await sqlDatabases()) {
  describe(`faults on ${database.name}`, () => {
    const sequelize = openSequelize(database)
    const store = sequelizeStore({ sequelize, tableName })

    beforeAll(async () => {
      await dropTables(sequelize, tableName)
      await store.sync()
    })
    afterAll(async () => {
      await dropTables(sequelize, tableName)
      await sequelize.close()
    })

    /** A store whose first `failures` statements fail with this code; counts what it tried. */
    function failing<T>(
      code: string,
      failures: number,
      work: (tries: () => number, broken: typeof store) => Promise<T>,
    ): Promise<T> {
      return withSequelize(database, { retry: { max: 9 } }, async (other) => {
        // A first connection may ask for the server's version, which is not what is counted here.
        await other.authenticate()
        let tries = 0
        other.addHook('beforeQuery', () => {
          tries += 1
          if (tries <= failures) throw driverError(code)
        })
        return work(() => tries, sequelizeStore({ sequelize: other, tableName }))
      })
    }

    test.each(passing)('%s is retried once, which can succeed', (code) =>
      failing(code, 1, async (tries, broken) => {
        const subject = freshSubject('passing')
        expect(await broken.compareAndSwap(subject, null, bareState(subject, 1))).toBe(true)
        expect(tries()).toBe(2)
        expect(await store.read(subject)).toEqual(bareState(subject, 1))
      }),
    )

    test.each(passing)('%s a second time is a fault', (code) =>
      failing(code, 9, async (tries, broken) => {
        const error = await rejection(broken.read(freshSubject('passing')))
        expect(error).toBeInstanceOf(StoreUnavailableError)
        expect(tries()).toBe(2)
      }),
    )

    test('a lost connection is not retried, because the write may have succeeded', () =>
      failing('ECONNRESET', 9, async (tries, broken) => {
        const subject = freshSubject('lost')
        const swap = broken.compareAndSwap(subject, null, bareState(subject, 1))
        expect(await rejection(swap)).toBeInstanceOf(StoreUnavailableError)
        expect(tries()).toBe(1)
      }))

    test('a row that violates a table constraint is a fault, not a lost race', async () => {
      const state = fullState(freshSubject('check'), 1)
      const over = withParts(state, {
        phone: { ...fullPhonePart, challenge: { ...fullPhonePart.challenge, attempts: 6 } },
      })
      const insert = store.compareAndSwap(state.subject, null, over)
      expect(await rejection(insert)).toBeInstanceOf(StoreUnavailableError)
      await store.compareAndSwap(state.subject, null, state)
      const swap = store.compareAndSwap(state.subject, 1, { ...over, version: 2 })
      expect(await rejection(swap)).toBeInstanceOf(StoreUnavailableError)
      expect(await store.read(state.subject)).toEqual(state)
    })

    test('a fault quotes no phone, challenge, sealed value or subject', async () => {
      const state = fullState(freshSubject('private'), 1)
      const over = { ...state, failures: -1 }
      const errors = [
        await rejection(store.compareAndSwap(state.subject, null, over)),
        await rejection(
          sequelizeStore({ sequelize, tableName: 'sf_absent' }).compareAndSwap(
            state.subject,
            null,
            state,
          ),
        ),
      ]
      for (const error of errors) {
        expect(error).toBeInstanceOf(StoreUnavailableError)
        const text = inspect(error, { depth: null, showHidden: true })
        for (const secret of [state.subject, '671234567', 'Zm9vYmFy', 'SM0123', 'Ünïcödé']) {
          expect(text).not.toContain(secret)
        }
      }
    })

    test('a missing table says to run the migrations', async () => {
      const absent = sequelizeStore({ sequelize, tableName: 'sf_absent' })
      const error = await rejection(absent.read(freshSubject('absent')))
      expect(String(error)).toContain('run the migrations')
    })

    test.each([
      ['too long for its column', 'x'.repeat(201)],
      ['with a NUL, which PostgreSQL cannot hold', 'a\0b'],
      ['with half a surrogate pair, which no UTF-8 can hold', 'a\uD800'],
    ])('a subject %s is refused, not stored as another one', async (_what, subject) => {
      const swap = store.compareAndSwap(subject, null, bareState(subject, 1))
      expect(await rejection(swap)).toBeInstanceOf(StoreUnavailableError)
      expect(await rejection(store.read(subject))).toBeInstanceOf(StoreUnavailableError)
    })
  })
}
