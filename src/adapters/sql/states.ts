/** The state store in SQL: one row per user, and one statement for a read or a write, or for several at once. */

import { StoreUnavailableError } from '../../core/errors.js'
import { damagedRow } from '../../core/read-row.js'
import type { SubjectState } from '../../core/state.js'
import type { StateStore } from '../../ports/state-store.js'
import { batchedReads } from './batched-reads.js'
import { batchedSwaps, type Swap } from './batched-swaps.js'
import { columns } from './columns.js'
import type { Dialect } from './dialect.js'
import type { Executor } from './executor.js'
import { lastRows } from './last-rows.js'
import { bindsOf, type Bind } from './row-values.js'
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
  const last = lastRows()
  const read = batchedReads<SubjectState>({
    async one(subject) {
      const text = await database.first(sql.read, [subject])
      const row = text === null ? null : last.rowOf(text)
      // A database with a case-insensitive collation may return another user's row.
      if (row !== null && row.subject !== subject) throw damagedRow('subject')
      return row
    },
    many: async (subjects) =>
      (await database.all(sql.readMany, subjects)).map((text) => last.rowOf(text)),
    keyOf: ({ subject }) => subject,
  })
  const { swapKept, swapMany } = sql
  const swapOne = async ({ subject, expectedVersion, binds, isKept }: Swap) => {
    const which = [subject, expectedVersion]
    const changed =
      isKept && swapKept !== null
        ? await database.change(swapKept, [...binds.slice(0, -1), ...which])
        : await database.change(sql.swap, [...binds, ...which])
    return changed === 1
  }
  const swap =
    swapMany === null
      ? swapOne
      : batchedSwaps({
          one: swapOne,
          many: async (swaps) => database.written(swapMany, [JSON.stringify(swaps.map(byColumn))]),
        })
  return {
    async read(subject) {
      const row = await read(keyOf(subject))
      if (row === null) last.take(subject)
      return row
    },
    async compareAndSwap(subject, expectedVersion, next) {
      const key = keyOf(subject)
      const binds = bindsOf(next, dialect)
      const before = last.take(subject)
      if (expectedVersion === null) return database.insert(sql.insert, [...binds, key])
      const isKept = before?.version === expectedVersion && before.keepUntil === next.keepUntil
      return swap({ subject: key, expectedVersion, binds, isKept })
    },
    async delete(subject) {
      last.take(subject)
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

/** A row to swap, by the names of its columns. */
function byColumn({ subject, expectedVersion, binds }: Swap): Readonly<Record<string, Bind>> {
  const row: Record<string, Bind> = { subject, expected: expectedVersion }
  for (const [at, { column }] of columns.entries()) row[column] = binds[at] ?? null
  return row
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
