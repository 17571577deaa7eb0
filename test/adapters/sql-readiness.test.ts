/** The check before the first statement: a statement that hangs must not hang those that come later. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { countsIn } from '../../src/adapters/sql/bucket-counts.js'
import { checkedDialect } from '../../src/adapters/sql/dialect.js'
import { sqlStore, type SqlQuery } from '../../src/adapters/sql/index.js'
import { queryExecutor } from '../../src/adapters/sql/query-executor.js'
import { tableOn } from '../../src/adapters/sql/table.js'
import { StoreUnavailableError } from '../../src/core/errors.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A database whose first statement like `text` hangs, as on a connection that was lost silently. */
function hangingOnce(text: string): SqlQuery {
  let [hung, transactions] = [false, 0]
  return (sql) => {
    if (!hung && sql.includes(text)) {
      hung = true
      return new Promise(() => undefined)
    }
    if (sql.includes('VERSION()')) return Promise.resolve([{ state: '8.0.36' }])
    if (sql.includes('txid_current')) {
      return Promise.resolve([{ state: String((transactions += 1)) }])
    }
    return Promise.resolve(sql.startsWith('SELECT') ? [] : 1)
  }
}

test('a check that hangs fails after five seconds, and the next statement checks again', async () => {
  const store = sqlStore({ dialect: 'postgres', query: hangingOnce('SELECT') })
  const first = store.check().catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await first).toBeInstanceOf(StoreUnavailableError)
  const read = store.read('somebody')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await read).toBeNull()
})

test('counts on MySQL ask for the version again if the first query for it hangs', async () => {
  const dialect = checkedDialect('counts', 'mysql')
  const database = queryExecutor('counts', dialect, hangingOnce('VERSION()'))
  const counts = countsIn(tableOn(dialect, { tableName: 'counts' }), dialect, database)
  const add = () => counts.add([{ counter: 'a', bucket: 1, units: 1, keepUntil: 2 }])
  const first = add().catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await first).toBeInstanceOf(StoreUnavailableError)
  await expect(add()).resolves.toBeUndefined()
})
