/** sqlStore and sqlCounts validate every result, join no application transaction, and reveal nothing of a row. */

import { inspect } from 'node:util'

import { createPool, type Pool, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  sqlCounts,
  sqlStore,
  type SqlAnswer,
  type SqlDialect,
  type SqlQuery,
} from '../../src/adapters/sql/index.js'
import { ConfigurationError, StoreUnavailableError } from '../../src/core/errors.js'
import { createSecondFactor } from '../../src/index.js'
import {
  bareState,
  freshSubject,
  fullPhonePart,
  fullState,
} from '../../src/testing/contract-fixtures.js'
import { countContract, storeContract } from '../../src/testing/index.js'
import { serviceUrl } from '../support/services.js'

const [postgresUrl, mariaUrl] = [await serviceUrl('PostgreSQL'), await serviceUrl('MariaDB')]
const names = { states: 'sf_sql_answers', counts: 'sf_sql_answers_counts' }

function keepersOf(dialect: SqlDialect, query: SqlQuery) {
  return {
    store: sqlStore({ dialect, query, tableName: names.states }),
    counts: sqlCounts({ dialect, query, tableName: names.counts }),
  }
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

async function remake(dialect: SqlDialect, query: SqlQuery): Promise<void> {
  for (const name of Object.values(names)) await query(`DROP TABLE IF EXISTS ${name}`, [], 'drop')
  const { store, counts } = keepersOf(dialect, query)
  await store.sync()
  await counts.sync()
}

function contractsOf(title: string, dialect: SqlDialect, query: SqlQuery): void {
  const { store, counts } = keepersOf(dialect, query)
  describe(title, () => {
    for (const { title, run } of storeContract(() => Promise.resolve({ store }))) test(title, run)
    for (const { title, run } of countContract(() => Promise.resolve({ counts }))) test(title, run)
  })
}

describe.skipIf(postgresUrl === null)('on PostgreSQL', () => {
  const pool = new pg.Pool({ connectionString: postgresUrl ?? '' })
  const query: SqlQuery = async (text, values) => (await pool.query<object>(text, values)).rows
  beforeAll(() => remake('postgres', query))
  afterAll(() => pool.end())

  contractsOf('a driver that returns rows as arrays', 'postgres', async (text, values) => {
    return (await pool.query<unknown[]>({ text, values, rowMode: 'array' })).rows
  })

  test('a transaction given by mistake is refused before anything is written', async () => {
    const transaction = await pool.connect()
    await transaction.query('BEGIN')
    const { store, counts } = keepersOf('postgres', async (text, values) => {
      return (await transaction.query<object>(text, values)).rows
    })
    try {
      const subject = freshSubject('in a transaction')
      const calls = [
        () => store.check(),
        () => store.compareAndSwap(subject, null, bareState(subject, 1)),
        () => counts.check(),
        () => counts.add([{ counter: 'n:tx', bucket: 1, units: 1, keepUntil: 2 }]),
      ]
      for (const call of calls) {
        const error = await rejection(call())
        expect(error).toBeInstanceOf(ConfigurationError)
        expect(String(error)).toContain('run it on the pool')
      }
      const kept = [
        `SELECT 1 FROM ${names.states} WHERE subject = '${subject}'`,
        `SELECT 1 FROM ${names.counts} WHERE counter = 'n:tx'`,
      ]
      for (const text of kept) expect((await transaction.query(text)).rows).toEqual([])
    } finally {
      await transaction.query('ROLLBACK')
      transaction.release()
    }
  })

  test.each<[string, (answer: pg.QueryResult<object>) => unknown]>([
    ['the whole result', (answer) => answer],
    ['a number', ({ rowCount }) => rowCount],
    ['nothing', () => undefined],
    ['the rows beside their number', ({ rows, rowCount }) => [rows, rowCount]],
    [
      'rows with other names',
      ({ rows }) => rows.map((row) => ({ STATE: Object.values(row).join() })),
    ],
  ])('%s in place of the rows is refused, and never read as a lost swap', async (_what, answer) => {
    const subject = freshSubject('answers')
    let isWrong = false
    const { store } = keepersOf('postgres', async (text, values) => {
      const result = await pool.query<object>(text, values)
      return (isWrong ? answer(result) : result.rows) as SqlAnswer
    })
    await store.compareAndSwap(subject, null, bareState(subject, 1))
    isWrong = true
    const calls = [
      () => store.compareAndSwap(subject, 1, bareState(subject, 2)),
      () => store.read(subject),
    ]
    for (const call of calls) {
      const error = await rejection(call())
      expect(error).toBeInstanceOf(ConfigurationError)
      expect(String(error)).toContain('sqlStore: query must resolve with')
    }
  })

  test('a row that violates a table constraint is a fault that quotes nothing of it', async () => {
    const { store } = keepersOf('postgres', async (text, values) => {
      try {
        return await query(text, values, '')
      } catch (cause) {
        // As ORMs wrap the driver's error, with the statement and its values in the text.
        throw new Error(`failed: ${text} ${values.join()}`, { cause })
      }
    })
    const state = fullState(freshSubject('rule'), 1)
    const error = await rejection(
      store.compareAndSwap(state.subject, null, { ...state, failures: -1 }),
    )
    expect(error).toBeInstanceOf(StoreUnavailableError)
    expect(String(error)).toContain('23514')
    const printed = inspect(error, { depth: null, showHidden: true })
    expect(printed).not.toContain(fullPhonePart.challenge.destination)
    expect(printed).not.toContain(state.subject)
  })

  test.each(['40001', '40P01', 'SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 'ER_LOCK_DEADLOCK'])(
    '%s is retried once, however it is wrapped, and no more',
    async (code) => {
      let [failures, tries] = [0, 0]
      const { store } = keepersOf('postgres', async (text, values, name) => {
        tries += 1
        failures -= 1
        if (failures < 0) return query(text, values, name)
        const driverError = Object.assign(new Error('as a driver throws it'), { code })
        throw Object.assign(new Error('as an ORM does'), { driverError })
      })
      await store.check()
      for (const [broken, wanted] of [
        [1, 'null'],
        [2, 'store_unavailable'],
      ] as const) {
        ;[failures, tries] = [broken, 0]
        const answer = await store.read(freshSubject('passing')).catch((error: unknown) => error)
        const { code: found = 'null' } = (answer ?? {}) as { code?: string }
        expect([found, tries]).toEqual([wanted, 2])
      }
    },
  )

  test('a read-only connection is reported as such', async () => {
    const client = await pool.connect()
    try {
      await client.query('SET default_transaction_read_only = on')
      const { store } = keepersOf('postgres', async (text, values) => {
        return (await client.query<object>(text, values)).rows
      })
      const subject = freshSubject('read-only')
      const error = await rejection(store.compareAndSwap(subject, null, bareState(subject, 1)))
      expect(error).toBeInstanceOf(StoreUnavailableError)
      expect(String(error)).toContain('connect to the primary')
    } finally {
      client.release(true)
    }
  })

  test('a lost connection is not retried, because the write may have succeeded', async () => {
    let tries = 0
    const { store } = keepersOf('postgres', async (text, values, name) => {
      if (!text.startsWith('INSERT')) return query(text, values, name)
      tries += 1
      throw Object.assign(new Error('lost'), { code: 'ECONNRESET' })
    })
    const subject = freshSubject('lost')
    const error = await rejection(store.compareAndSwap(subject, null, bareState(subject, 1)))
    expect(error).toBeInstanceOf(StoreUnavailableError)
    expect(tries).toBe(1)
  })

  test('the table is checked once, and again after it was missing', async () => {
    const texts: string[] = []
    const seen: SqlQuery = (text, values, name) => {
      texts.push(text)
      return query(text, values, name)
    }
    const late = sqlStore({ dialect: 'postgres', query: seen, tableName: 'sf_sql_late' })
    const error = await rejection(late.read('x'))
    expect(String(error)).toContain('run the migrations')
    await late.sync()
    try {
      await Promise.all([late.read('a'), late.read('b'), late.check()])
      texts.length = 0
      expect(await late.read('c')).toBe(null)
      expect(texts).toHaveLength(1)
    } finally {
      await pool.query('DROP TABLE sf_sql_late')
    }
  })

  test('a custom schema is created and contains the table', async () => {
    const options = { dialect: 'postgres', query, schema: 'sf_sql_own' } as const
    const store = sqlStore(options)
    try {
      await store.sync()
      const state = fullState(freshSubject('schema'), 1)
      expect(await store.compareAndSwap(state.subject, null, state)).toBe(true)
      const { rowCount } = await pool.query('SELECT 1 FROM sf_sql_own.second_factor_states')
      expect(rowCount).toBe(1)
    } finally {
      await pool.query('DROP SCHEMA sf_sql_own CASCADE')
    }
  })
})

describe.skipIf(mariaUrl === null)('on MariaDB', () => {
  const pools: Pool[] = []
  const poolOf = (settings: object = {}) => {
    const pool = createPool({ uri: mariaUrl ?? '', ...settings })
    pools.push(pool)
    return pool
  }
  const queryOf =
    (pool: Pick<Pool, 'execute'>): SqlQuery =>
    async (text, values) => {
      const [answer] = await pool.execute<RowDataPacket[] | ResultSetHeader>(text, values)
      return Array.isArray(answer) ? answer : answer.affectedRows
    }
  /** MySQL returns no rows from an INSERT; its place is taken by a server that is not asked for any. */
  const asMysql =
    (query: SqlQuery): SqlQuery =>
    async (text, values, name) => {
      if (text.startsWith('SELECT VERSION')) return [{ state: '8.0.36' }]
      if (text.includes('RETURNING')) throw new Error('MySQL knows no RETURNING')
      return query(text, values, name)
    }
  beforeAll(() => remake('mariadb', queryOf(poolOf())))
  afterAll(() => Promise.all(pools.map((pool) => pool.end())))

  for (const flags of ['FOUND_ROWS', '-FOUND_ROWS']) {
    const query = queryOf(poolOf({ flags: [flags] }))
    contractsOf(`a client with the flag ${flags}`, 'mariadb', query)
    contractsOf(`a server like MySQL and a client with the flag ${flags}`, 'mysql', asMysql(query))
  }
  contractsOf(
    'a driver that returns rows as arrays',
    'mariadb',
    queryOf(poolOf({ rowsAsArray: true })),
  )

  test('a transaction given by mistake is refused before anything is written', async () => {
    const transaction = await poolOf().getConnection()
    await transaction.beginTransaction()
    const { store } = keepersOf('mariadb', queryOf(transaction))
    const error = await rejection(store.check())
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(String(error)).toContain('run it on the pool')
    await transaction.rollback()
    transaction.release()
  })

  test.each(['mariadb', 'mysql'] as const)(
    'as %s, a connection that does not commit is refused before anything is written',
    async (dialect) => {
      const connection = await poolOf().getConnection()
      await connection.query('SET autocommit = 0')
      const query = queryOf(connection)
      const keepers = keepersOf(dialect, dialect === 'mysql' ? asMysql(query) : query)
      for (const keeper of Object.values(keepers)) {
        const error = await rejection(keeper.check())
        expect(error).toBeInstanceOf(ConfigurationError)
        expect(String(error)).toContain('turn autocommit on')
      }
      connection.destroy()
    },
  )

  test('a read-only connection is reported as such', async () => {
    const connection = await poolOf().getConnection()
    await connection.query('SET SESSION TRANSACTION READ ONLY')
    const { store } = keepersOf('mariadb', queryOf(connection))
    const subject = freshSubject('read-only')
    const error = await rejection(store.compareAndSwap(subject, null, bareState(subject, 1)))
    expect(error).toBeInstanceOf(StoreUnavailableError)
    expect(String(error)).toContain('connect to the primary')
    connection.destroy()
  })

  test('rows instead of affectedRows are refused, and never read as a lost swap', async () => {
    const pool = poolOf()
    const { store } = keepersOf('mariadb', async (text, values) => {
      const [answer] = await pool.execute<RowDataPacket[] | ResultSetHeader>(text, values)
      return Array.isArray(answer) ? answer : []
    })
    const subject = freshSubject('header')
    const error = await rejection(store.compareAndSwap(subject, null, bareState(subject, 1)))
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(String(error)).toContain('affectedRows')
  })

  test('a dialect for another server is reported when the table is created', async () => {
    const store = sqlStore({
      dialect: 'mysql',
      query: queryOf(poolOf()),
      tableName: 'sf_sql_other',
    })
    expect(String(await rejection(store.sync()))).toContain('give the dialect of this server')
  })
})

test.each(['{"subject":"7", "destination":+237671234567}', '"+237671234567"', '[]', ''])(
  'a row that is no JSON object is damaged, and its error quotes nothing: %s',
  async (state) => {
    const query: SqlQuery = (_text, values) =>
      Promise.resolve(values.includes('7') ? [{ state }] : [])
    const store = sqlStore({ dialect: 'sqlite', query })
    const error: unknown = await store.read('7').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StoreUnavailableError)
    expect(error).toMatchObject({ message: expect.stringContaining('is damaged') as unknown })
    expect(inspect(error)).not.toContain('671234567')
  },
)

test('a hanging query times out, and nobody passes', async () => {
  const query: SqlQuery = () => new Promise(() => undefined)
  const secondFactor = createSecondFactor<{ id: number; phone: string; username: string }>({
    secret: 'a secret of 32 bytes for this one test',
    store: sqlStore({ dialect: 'postgres', query }),
    storeTimeoutSeconds: 0.05,
    sender: { channel: 'sms', send: () => Promise.resolve({ status: 'sent' }) },
    events: { emit: () => undefined },
    users: { id: ({ id }) => String(id), phone: ({ phone }) => phone },
  })
  const user = { id: 7, phone: '+237671234567', username: 'hanging' }
  for (const call of [() => secondFactor.start(user), () => secondFactor.verify(user, '123456')]) {
    expect(await rejection(call())).toBeInstanceOf(StoreUnavailableError)
  }
})

test('unusable options are refused by name', () => {
  const query: SqlQuery = () => Promise.resolve([])
  const refused: readonly [object, string][] = [
    [{ dialect: 'oracle', query }, 'use one of postgres, mysql, mariadb, sqlite'],
    [{ dialect: 'postgres' }, 'query must be a function'],
    [{ dialect: 'postgres', query, table: 'x' }, 'table is not an option'],
    [{ dialect: 'postgres', query, tableName: 'a b' }, 'tableName is "a b"'],
    [{ dialect: 'sqlite', query, schema: 'x' }, 'schema works only on PostgreSQL'],
  ]
  for (const [options, message] of refused) {
    for (const make of [sqlStore, sqlCounts]) {
      expect(() => make(options as never)).toThrow(ConfigurationError)
      expect(() => make(options as never)).toThrow(message)
    }
  }
})
