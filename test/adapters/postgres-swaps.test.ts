/** On PostgreSQL, swaps of several people share one statement, and each has the result that it would have alone. */

import { randomUUID } from 'node:crypto'

import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import { sqlStore } from '../../src/adapters/sql/index.js'
import { StoreUnavailableError } from '../../src/core/errors.js'
import type { SubjectState } from '../../src/core/state.js'
import {
  bareState,
  freshSubject,
  fullPhonePart,
  fullState,
} from '../../src/testing/contract-fixtures.js'
import { openSequelize } from '../support/databases.js'
import { serviceUrl } from '../support/services.js'
import { until } from '../support/until.js'

const url = (await serviceUrl('PostgreSQL')) ?? ''
const tableName = `sf_swaps_${randomUUID().slice(0, 8)}`

/** The stores, and every way of theirs to the database. All but the first tell of their statements. */
const stores = {
  'sequelizeStore, prepared'() {
    const sequelize = openSequelize({ name: 'PostgreSQL', url })
    const store = sequelizeStore({ sequelize, tableName })
    return { store, close: () => sequelize.close() }
  },
  'sequelizeStore, by sequelize.query'(tell: (sql: string) => void) {
    const sequelize = openSequelize({ name: 'PostgreSQL', url }, { logging: tell })
    const store = sequelizeStore({ sequelize, tableName })
    return { store, close: () => sequelize.close() }
  },
  sqlStore(tell: (sql: string) => void) {
    const pool = new pg.Pool({ connectionString: url, max: 5 })
    const store = sqlStore({
      tableName,
      dialect: 'postgres',
      async query(text, values, name) {
        tell(text)
        const { rows } = await pool.query<object>({ name, text, values: [...values] })
        return rows
      },
    })
    return { store, close: () => pool.end() }
  },
}

const next = (state: SubjectState): SubjectState => ({ ...state, version: state.version + 1 })

describe.skipIf(url === '').each(Object.entries(stores))('swaps by %s', (name, open) => {
  const tells = name !== 'sequelizeStore, prepared'
  let updates: string[] = []
  const { store, close } = open((sql) => {
    if (sql.includes('UPDATE')) updates.push(sql)
  })
  const admin = new pg.Client({ connectionString: url })

  beforeAll(async () => {
    await admin.connect()
    await store.sync()
  })
  beforeEach(() => {
    updates = []
  })
  afterAll(async () => {
    await close()
    await admin.query(`DROP TABLE IF EXISTS ${tableName}`)
    await admin.end()
  })

  /** The rows of so many people, at least three, stored. */
  async function people(count: number) {
    const states = Array.from({ length: count }, (_, at) => {
      const make = at % 2 === 0 ? fullState : bareState
      return make(freshSubject(`swaps ${at}`), 1)
    })
    await Promise.all(states.map((state) => store.compareAndSwap(state.subject, null, state)))
    return states as [SubjectState, SubjectState, SubjectState, ...SubjectState[]]
  }

  const swap = (state: SubjectState, expectedVersion = 1) =>
    store.compareAndSwap(state.subject, expectedVersion, state)

  const stored = (states: readonly SubjectState[]) =>
    Promise.all(states.map(({ subject }) => store.read(subject)))

  test('of many people at once are few statements, and write every column', async () => {
    const before = await people(40)
    // Each gets the row of the other kind, so that every column changes.
    const after = before.map(({ subject }, at) =>
      (at % 2 === 0 ? bareState : fullState)(subject, 2),
    )
    expect(await Promise.all(after.map((state) => swap(state)))).toEqual(before.map(() => true))
    expect(updates.length).toBe(tells ? 2 : 0)
    expect(await stored(after)).toEqual(after)
  })

  test('that other writes have overtaken are false, and change nothing', async () => {
    const [first, second, third] = await people(3)
    const held = await Promise.all([swap(next(first)), swap(next(second), 5), swap(next(third))])
    expect(held).toEqual([true, false, true])
    expect(await stored([first, second, third])).toEqual([next(first), second, next(third)])
  })

  test('of one row at once: exactly one holds, whoever else writes', async () => {
    const [mine, ...others] = await people(5)
    const tries = Array.from({ length: 20 }, (_, at) => ({ ...next(mine), failures: at }))
    const results = await Promise.all([...tries, ...others.map(next)].map((state) => swap(state)))
    const held = tries.filter((_, at) => results[at])
    expect(held.length).toBe(1)
    expect(results.slice(tries.length)).toEqual(others.map(() => true))
    expect(await stored([mine])).toEqual(held)
  })

  test('do not wait for a row that an operator has locked', async () => {
    const [locked, ...others] = await people(4)
    await admin.query('BEGIN')
    await admin.query(`SELECT 1 FROM ${tableName} WHERE subject = $1 FOR UPDATE`, [locked.subject])
    let isDone = false
    const waiting = swap(next(locked)).finally(() => {
      isDone = true
    })
    expect(await Promise.all(others.map((state) => swap(next(state))))).toEqual([true, true, true])
    expect(isDone).toBe(false)
    await admin.query('COMMIT')
    expect(await waiting).toBe(true)
    expect(await stored([locked])).toEqual([next(locked)])
  })

  test('of which one is stopped by a trigger fail alone', async () => {
    const [bad, ...others] = await people(4)
    await admin.query(
      `CREATE FUNCTION ${tableName}_stop() RETURNS trigger LANGUAGE plpgsql AS ` +
        `$$ BEGIN IF NEW.subject = '${bad.subject}' THEN RAISE 'no'; END IF; RETURN NEW; END $$`,
    )
    await admin.query(
      `CREATE TRIGGER stop BEFORE UPDATE ON ${tableName} FOR EACH ROW EXECUTE FUNCTION ${tableName}_stop()`,
    )
    const results = await Promise.allSettled([bad, ...others].map((state) => swap(next(state))))
    await admin.query(`DROP FUNCTION ${tableName}_stop() CASCADE`)
    expect(results).toMatchObject([
      { status: 'rejected', reason: expect.any(StoreUnavailableError) as unknown },
      ...others.map(() => ({ status: 'fulfilled', value: true })),
    ])
  })

  const refused: [what: string, change: (state: SubjectState) => SubjectState][] = [
    ['that breaks a check', (state) => ({ ...state, failures: -1 })],
    ['that is too long for its column', (state) => withRef(state, 'x'.repeat(300))],
  ]

  test.each(refused)('with a value %s fail alone', async (_what, change) => {
    const [bad, ...others] = await people(4)
    const failing = swap(change(next(fullState(bad.subject, 1))))
    const results = await Promise.allSettled([failing, ...others.map((state) => swap(next(state)))])
    expect(results).toMatchObject([
      { status: 'rejected', reason: expect.any(StoreUnavailableError) as unknown },
      ...others.map(() => ({ status: 'fulfilled', value: true })),
    ])
    expect(await stored([bad, ...others])).toEqual([bad, ...others.map(next)])
  })

  test('whose connection is cut fail, and are not run again', async () => {
    const states = await people(3)
    updates = []
    await admin.query('BEGIN')
    await admin.query(`LOCK TABLE ${tableName} IN EXCLUSIVE MODE`)
    const results = Promise.allSettled(states.map((state) => swap(next(state))))
    const cut = async () => {
      const { rowCount } = await admin.query(
        'SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND relation = $1::regclass',
        [tableName],
      )
      return rowCount === 1
    }
    await until(cut)
    expect(await results).toMatchObject(
      states.map(() => ({
        status: 'rejected',
        reason: expect.any(StoreUnavailableError) as unknown,
      })),
    )
    await admin.query('COMMIT')
    expect(await stored(states)).toEqual(states)
    expect(updates.length).toBe(tells ? 1 : 0)
  })
})

describe.skipIf(url === '')('a statement of several swaps that fails', () => {
  const pool = new pg.Pool({ connectionString: url, max: 5 })
  afterAll(async () => {
    await pool.query(`DROP TABLE IF EXISTS ${tableName}_failing`)
    await pool.end()
  })

  /** Swaps the rows of three people, whose common statement fails with this code. */
  async function swapped(
    code: string,
    errorOf: (code: string) => object = (own) => ({ code: own }),
  ) {
    const store = sqlStore({
      tableName: `${tableName}_failing`,
      dialect: 'postgres',
      async query(text, values) {
        if (text.includes('json_to_recordset'))
          throw Object.assign(new Error('failed'), errorOf(code))
        return (await pool.query<object>({ text, values: [...values] })).rows
      },
    })
    await store.sync()
    const states = Array.from({ length: 3 }, () => bareState(freshSubject('failing'), 1))
    await Promise.all(states.map((state) => store.compareAndSwap(state.subject, null, state)))
    const results = await Promise.allSettled(
      states.map((state) => store.compareAndSwap(state.subject, 1, next(state))),
    )
    const rows = await Promise.all(states.map(({ subject }) => store.read(subject)))
    return {
      results: results.map((each) => (each.status === 'fulfilled' ? each.value : 'failed')),
      versions: rows.map((row) => row?.version),
    }
  }

  const undone = ['40001', '40P01', '22P02', '23514', '42501', '44000', 'P0001']
  test.each(undone)('with %s, which undoes it, is made again one by one', async (code) => {
    expect(await swapped(code)).toEqual({ results: [true, true, true], versions: [2, 2, 2] })
  })

  test('is made again one by one, though Prisma wraps the code', async () => {
    const wrapped = (originalCode: string) => ({
      code: 'P2010',
      meta: { driverAdapterError: { name: 'DriverAdapterError', cause: { originalCode } } },
    })
    expect((await swapped('P0001', wrapped)).versions).toEqual([2, 2, 2])
    expect((await swapped('57P01', wrapped)).versions).toEqual([1, 1, 1])
  })

  const unknown = ['57P01', '57014', '08006', '53300', 'ECONNRESET', '40003']
  test.each(unknown)('with %s is not made again', async (code) => {
    const results = ['failed', 'failed', 'failed']
    expect(await swapped(code)).toEqual({ results, versions: [1, 1, 1] })
  })
})

/** The row with this vendor's id of a message. */
function withRef(state: SubjectState, ref: string): SubjectState {
  const { phone } = state.factors
  const challenge = { ...fullPhonePart.challenge, receipt: { ref, status: 'sent', reason: null } }
  return { ...state, factors: { ...state.factors, phone: Object.assign({}, phone, { challenge }) } }
}
