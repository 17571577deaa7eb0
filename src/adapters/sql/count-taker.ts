/** Takes from several rows of counts: in one statement, or row by row on MySQL, whose INSERT returns no rows. */

import { firstVersion } from '../../core/random.js'
import type { Bucket, Take } from '../../ports/count-store.js'
import type { CountStatements } from './count-statements.js'
import type { Dialect } from './dialect.js'
import type { Executor } from './executor.js'
import { onceHeld } from './readiness.js'
import type { Bind } from './row-values.js'

/** The outcome of several takes. A take in neither list was not tried. */
export interface Taking {
  readonly taken: readonly Take[]
  readonly full: readonly Take[]
}

/** Takes from the rows that have room. */
export type TakeRows = (takes: readonly Take[]) => Promise<Taking>

/** The key of a row. */
function keyOf({ counter, bucket }: Pick<Take, 'counter' | 'bucket'>): string {
  return `${bucket} ${counter}`
}

/** Chooses the way that the database supports. The first use finds out if it is MySQL or MariaDB. */
export function taker(database: Executor, sql: CountStatements, { name }: Dialect): TakeRows {
  if (name !== 'mysql') return (takes) => takeTogether(database, sql, takes)
  const returnsRows = onceHeld(() => isMariaDb(database))
  return async (takes) => {
    const take = (await returnsRows()) ? takeTogether : takeEach
    return take(database, sql, takes)
  }
}

/** The row's record of who took last. */
interface Taker {
  readonly counter: string
  readonly bucket: Bucket
  readonly by: number
}

async function takeTogether(
  database: Executor,
  sql: CountStatements,
  takes: readonly Take[],
): Promise<Taking> {
  const by = firstVersion()
  const rows = await database.all(
    sql.take(takes.length),
    takes.flatMap((take) => bindsOf(take, by)),
  )
  const takers = rows.map((row) => JSON.parse(row) as Taker)
  const keys = new Set(takers.filter((each) => each.by === by).map(keyOf))
  return {
    taken: takes.filter((take) => keys.has(keyOf(take))),
    full: takes.filter((take) => !keys.has(keyOf(take))),
  }
}

/** Takes in order, and stops at the first row without room. */
async function takeEach(
  database: Executor,
  sql: CountStatements,
  takes: readonly Take[],
): Promise<Taking> {
  const taken: Take[] = []
  for (const take of takes) {
    if (!(await takeOne(database, sql, take))) return { taken, full: [take] }
    taken.push(take)
  }
  return { taken, full: [] }
}

/** Inserts the row first if it is missing. */
async function takeOne(database: Executor, sql: CountStatements, take: Take): Promise<boolean> {
  const binds = bindsOf(take, firstVersion())
  if ((await database.change(sql.takeOne, binds)) > 0) return true
  await database.change(sql.open, bindsOf({ ...take, units: 0 }, firstVersion()))
  return (await database.change(sql.takeOne, binds)) > 0
}

/** The values of `countColumns`. */
function bindsOf({ counter, bucket, units, room, isHold, keepUntil }: Take, by: number): Bind[] {
  return [counter, bucket, isHold ? 0 : units, units, room, by, keepUntil]
}

/** True for MariaDB 10.5 or later, whose INSERT returns rows. */
async function isMariaDb(database: Executor): Promise<boolean> {
  const [version = ''] = await database.all('SELECT VERSION() AS state', [])
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)\.\d+-MariaDB/i.exec(version) ?? []
  return Number(major) > 10 || (Number(major) === 10 && Number(minor) >= 5)
}
