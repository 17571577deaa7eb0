/** The SQL statements of counts. */

import { countColumns } from './counts-table.js'
import type { Dialect } from './dialect.js'

/** The most rows that one statement prunes; a small batch holds its locks only briefly. */
const pruneBatch = 500

export interface CountStatements {
  /** Binds the buckets `now`, `beside`, hour, day and week, then this many counters. Counters without units get no row. */
  readonly sums: (counters: number) => string
  /**
   * Binds the values of `countColumns` for this many rows. Returns counter, bucket and `by` of the rows that had room. Rows
   * without room may be returned too, but with a `by` other than the one bound.
   */
  readonly take: (rows: number) => string
  /**
   * Binds the values of `countColumns`; changes nothing if there is no room, or no row. MySQL only. It always changes
   * `taken_by`, so the result is the same whether the client counts changed rows or matched ones.
   */
  readonly takeOne: string
  /** Binds the same; inserts the row if it is missing. MySQL only. */
  readonly open: string
  /** Binds the units to take off `held`, the units to take off `units`, the counter, then the bucket. */
  readonly release: string
  /** Binds the first bucket, then this many counters. */
  readonly series: (counters: number) => string
  /** Binds a counter; removes its rows. */
  readonly forget: string
  /** Binds the current bucket; removes the rows whose `keep_until` it has reached. */
  readonly prune: string
}

type Columns = Readonly<Record<(typeof countColumns)[number], string>>

export function countStatements(dialect: Dialect, table: string): CountStatements {
  const { name, quote, jsonObject } = dialect
  const columns = Object.fromEntries(countColumns.map((each) => [each, quote(each)])) as Columns
  const { counter, bucket, units, held, taken_by: takenBy } = columns
  const positions = (from: number, count: number) =>
    Array.from({ length: count }, (_none, index) => `$${from + index + 1}`).join(', ')
  const insert = (rows: number) => {
    const each = Array.from({ length: rows }, (_none, row) => {
      return `(${positions(row * countColumns.length, countColumns.length)})`
    })
    return `INSERT INTO ${table} (${Object.values(columns).join(', ')}) VALUES ${each.join(', ')}`
  }
  const sum = (column: string, test: string) =>
    `SUM(CASE WHEN ${bucket} ${test} THEN ${column} ELSE 0 END)`
  const sums = [
    ...[`'counter', ${counter}`, `'now', ${sum(held, '= $1')}`, `'beside', ${sum(held, '= $2')}`],
    ...[`'hour', ${sum(units, '>= $3')}`, `'day', ${sum(units, '>= $4')}`, `'week', SUM(${units})`],
  ]
  const taken = jsonObject(`'counter', ${counter}, 'bucket', ${bucket}, 'by', ${takenBy}`)
  const listed = jsonObject(`'counter', ${counter}, 'bucket', ${bucket}, 'units', ${units}`)
  const less = (column: string, bind: string) =>
    `${column} = CASE WHEN ${column} > ${bind} THEN ${column} - ${bind} ELSE 0 END`
  return {
    sums: (counters) =>
      `SELECT ${jsonObject(sums.join(', '))} AS state FROM ${table} WHERE ${bucket} >= $5 ` +
      `AND ${counter} IN (${positions(5, counters)}) GROUP BY ${counter}`,
    take: (rows) =>
      // Sequelize fails on rows returned by an INSERT on SQLite, unless the statement starts like a query.
      `${name === 'sqlite' ? 'WITH one AS (SELECT 1) ' : ''}${insert(rows)} ${name === 'mysql' ? onDuplicate(columns) : onConflict(columns, table)} ` +
      `RETURNING ${taken} AS state`,
    takeOne:
      `UPDATE ${table} SET ${units} = ${units} + $3, ${held} = ${held} + $4, ${takenBy} = $6 ` +
      `WHERE ${counter} = $1 AND ${bucket} = $2 AND ($5 IS NULL OR ${held} + $4 <= $5)`,
    open: `${insert(1)} ON DUPLICATE KEY UPDATE ${counter} = ${counter}`,
    release:
      `UPDATE ${table} SET ${less(held, '$1')}, ${less(units, '$2')} ` +
      `WHERE ${counter} = $3 AND ${bucket} = $4`,
    series: (counters) =>
      `SELECT ${listed} AS state FROM ${table} WHERE ${bucket} >= $1 ` +
      `AND ${counter} IN (${positions(1, counters)}) AND ${units} > 0`,
    forget: `DELETE FROM ${table} WHERE ${counter} = $1`,
    prune: prune(columns, table, name),
  }
}

/** Leaves a row without room unchanged, and out of the rows returned. */
function onConflict(
  { counter, bucket, units, held, room, taken_by: takenBy }: Columns,
  table: string,
): string {
  return (
    `ON CONFLICT (${counter}, ${bucket}) DO UPDATE SET ` +
    `${units} = ${table}.${units} + excluded.${units}, ` +
    `${held} = ${table}.${held} + excluded.${held}, ` +
    `${room} = excluded.${room}, ${takenBy} = excluded.${takenBy} ` +
    `WHERE excluded.${room} IS NULL OR ${table}.${held} + excluded.${held} <= excluded.${room}`
  )
}

/** Leaves a row without room unchanged. MySQL assigns in order, and the condition reads `held`, so `held` comes last. */
function onDuplicate({ units, held, room, taken_by: takenBy }: Columns): string {
  const hasRoom = `VALUES(${room}) IS NULL OR ${held} + VALUES(${held}) <= VALUES(${room})`
  const set = (column: string, next: string) => `${column} = IF(${hasRoom}, ${next}, ${column})`
  return (
    'ON DUPLICATE KEY UPDATE ' +
    [
      set(takenBy, `VALUES(${takenBy})`),
      set(units, `${units} + VALUES(${units})`),
      set(held, `${held} + VALUES(${held})`),
    ].join(', ')
  )
}

/** MySQL has DELETE … LIMIT; the other two limit a subquery for the keys. */
function prune({ counter, bucket, keep_until }: Columns, table: string, name: string): string {
  const old = `${keep_until} <= $1`
  if (name === 'mysql') return `DELETE FROM ${table} WHERE ${old} LIMIT ${pruneBatch}`
  const keys = `${counter}, ${bucket}`
  return (
    `DELETE FROM ${table} WHERE (${keys}) IN ` +
    `(SELECT ${keys} FROM ${table} WHERE ${old} LIMIT ${pruneBatch})`
  )
}
