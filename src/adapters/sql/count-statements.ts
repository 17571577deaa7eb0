/** The text of every statement on counts. */

import { countColumns } from './counts-table.js'
import type { Dialect } from './dialect.js'

/** Rows that one statement prunes at most, so that no statement holds its locks for long. */
const pruneBatch = 500

export interface CountStatements {
  /** Binds the buckets `now`, `beside`, hour, day and week, then so many counters; a row for each that has units. */
  readonly sums: (counters: number) => string
  /**
   * Binds the values of `countColumns` for so many rows. Returns counter, bucket and `by` of the rows that had room, and
   * perhaps of others: those have a `by` that is not the one that was bound.
   */
  readonly take: (rows: number) => string
  /**
   * Binds the values of `countColumns`; changes nothing where there is no room, or no row. For MySQL alone. It always changes
   * `taken_by`, so that a changed row and a found one are one number, whichever the client counts.
   */
  readonly takeOne: string
  /** Binds the same; makes a row that is missing. For MySQL alone. */
  readonly open: string
  /** Binds the units to give back, those of them that were counted, the counter, then the bucket. */
  readonly release: string
  /** Binds the first bucket, then so many counters. */
  readonly series: (counters: number) => string
  /** Binds the bucket that `keep_until` has passed. */
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
      // Sequelize fails on what SQLite's INSERT returns, unless the text looks like a query.
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
    prune: prune(columns, table, name),
  }
}

/** Leaves a row without room as it is, and returns it no more. */
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

/** Leaves a row without room as it is, `taken_by` included. MySQL sets the columns in this order: `held` comes last. */
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

/** MySQL limits a DELETE itself; the other two by the keys of a query. */
function prune({ counter, bucket, keep_until }: Columns, table: string, name: string): string {
  const old = `${keep_until} <= $1`
  if (name === 'mysql') return `DELETE FROM ${table} WHERE ${old} LIMIT ${pruneBatch}`
  const keys = `${counter}, ${bucket}`
  return (
    `DELETE FROM ${table} WHERE (${keys}) IN ` +
    `(SELECT ${keys} FROM ${table} WHERE ${old} LIMIT ${pruneBatch})`
  )
}
