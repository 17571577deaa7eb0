/** Takes on several rows of counts: by one statement, or on MySQL, which returns nothing from it, by one for each. */

import { firstVersion } from '../../core/random.js'
import type { Bucket, Take } from '../../ports/count-store.js'
import type { CountStatements } from './count-statements.js'
import type { Dialect } from './dialect.js'
import type { Executor } from './executor.js'
import type { Bind } from './row-values.js'

/** What became of takes. Those in neither list were not tried. */
export interface Taking {
  readonly taken: readonly Take[]
  readonly full: readonly Take[]
}

/** Takes on rows that have room. */
export type TakeRows = (takes: readonly Take[]) => Promise<Taking>

/** The key of a row. */
function keyOf({ counter, bucket }: Pick<Take, 'counter' | 'bucket'>): string {
  return `${bucket} ${counter}`
}

/** Chooses the way that the database has, MySQL and MariaDB when they are first asked. */
export function taker(database: Executor, sql: CountStatements, { name }: Dialect): TakeRows {
  if (name !== 'mysql') return (takes) => takeTogether(database, sql, takes)
  let returns: Promise<boolean> | undefined
  return async (takes) => {
    returns ??= isMariaDb(database).catch((error: unknown) => {
      returns = undefined
      throw error
    })
    return (await returns) ? takeTogether(database, sql, takes) : takeEach(database, sql, takes)
  }
}

/** The last taker, as the row records it. */
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

/** In order, and no further than to the first without room. */
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

/** Makes the row first where there is none. */
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

/** MariaDB returns rows from an INSERT since 10.5. */
async function isMariaDb(database: Executor): Promise<boolean> {
  const [version = ''] = await database.all('SELECT VERSION() AS state', [])
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)\.\d+-MariaDB/i.exec(version) ?? []
  return Number(major) > 10 || (Number(major) === 10 && Number(minor) >= 5)
}
