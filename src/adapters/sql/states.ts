/** The state store in SQL: one row per user, one statement per read or write. */

import { StoreUnavailableError } from '../../core/errors.js'
import type { StateStore } from '../../ports/state-store.js'
import { batchedReads } from './batched-reads.js'
import type { Dialect } from './dialect.js'
import type { Executor } from './executor.js'
import { bindsOf, rowOf, type Row } from './row-values.js'
import { pruneBatch, statementsFor } from './statements.js'
import type { Table } from './table.js'

/** The column's length. A database that truncates longer values would merge two users. */
const maxSubjectLength = 200

/** The states in an SQL table, over any executor. */
export function statesIn(
  table: Table,
  dialect: Dialect,
  database: Executor,
): StateStore & Required<Pick<StateStore, 'prune' | 'secretsInUse'>> {
  const sql = statementsFor(dialect, table)
  const read = batchedReads<Row>({
    async one(subject) {
      const row = await database.first(sql.read, [subject])
      return row === null ? null : parsed(row)
    },
    many: async (subjects) => (await database.all(sql.readMany, subjects)).map(parsed),
    keyOf: ({ subject }) => subject,
  })
  return {
    async read(subject) {
      const row = await read(keyOf(subject))
      return row === null ? null : rowOf(row, subject)
    },
    async compareAndSwap(subject, expectedVersion, next) {
      const binds = bindsOf(next, dialect)
      binds.push(keyOf(subject))
      if (expectedVersion === null) return database.insert(sql.insert, binds)
      binds.push(expectedVersion)
      return (await database.change(sql.swap, binds)) === 1
    },
    async delete(subject) {
      await database.change(sql.remove, [keyOf(subject)])
    },
    async secretsInUse(since) {
      const binds = [dialect.writeInstant(since.getTime())]
      const [codes, seals] = await Promise.all([
        database.all(sql.codesBySecret, binds),
        database.all(sql.sealsBySecrets, []),
      ])
      return { challenges: bySecret(codes), seals: bySecret(seals) }
    },
    async prune(before, now = new Date()) {
      const binds = [now, before].map((date) => dialect.writeInstant(date.getTime()))
      let removed = 0
      for (;;) {
        const batch = await database.change(sql.prune, binds)
        removed += batch
        if (batch < pruneBatch) return removed
      }
    },
  }
}

/** Counts rows by secret id; a row may name several. */
function bySecret(counted: readonly string[]): Readonly<Record<string, number>> {
  const found = new Map<string, number>()
  for (const each of counted) {
    const { ids, rows } = JSON.parse(each) as { readonly ids: string; readonly rows: number }
    for (const id of ids.split(',')) found.set(id, (found.get(id) ?? 0) + rows)
  }
  return Object.fromEntries(found)
}

/** Returns the subject if every database can store it exactly; some replace characters that they cannot hold. */
function keyOf(subject: string): string {
  // In characters, like the column and the check of ids, not in UTF-16 units.
  const fits = subject.length <= maxSubjectLength || Array.from(subject).length <= maxSubjectLength
  if (fits && !/[\0\p{Surrogate}]/u.test(subject)) return subject
  throw new StoreUnavailableError(
    `a subject needs ${maxSubjectLength} characters or fewer, none of them NUL or half a surrogate pair`,
  )
}

/** Parses the JSON that the database made of a row. */
function parsed(row: string): Row {
  return JSON.parse(row) as Row
}
