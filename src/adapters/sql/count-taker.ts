/** Takes on several rows of counts: by one statement, or on MySQL, which returns nothing from it, by one for each. */

import { firstVersion } from '../../core/random.js'
import type { Bucket, Take } from '../../ports/count-store.js'
import type { CountStatements } from './count-statements.js'
import type { Dialect } from './dialect.js'
import type { Executor } from './executor.js'
import type { Bind } from './row-values.js'

/** Takes, and returns the keys of the rows that had room. */
export type TakeRows = (takes: readonly Take[]) => Promise<ReadonlySet<string>>

/** The key of a row. */
export function keyOf({ counter, bucket }: Pick<Take, 'counter' | 'bucket'>): string {
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
interface Taken {
  readonly counter: string
  readonly bucket: Bucket
  readonly by: number
}

async function takeTogether(
  database: Executor,
  sql: CountStatements,
  takes: readonly Take[],
): Promise<ReadonlySet<string>> {
  const by = firstVersion()
  const rows = await database.all(
    sql.take(takes.length),
    takes.flatMap((take) => bindsOf(take, by)),
  )
  const taken = rows.map((row) => JSON.parse(row) as Taken)
  return new Set(taken.filter((each) => each.by === by).map(keyOf))
}

/** In order, and no further than to the first without room. */
async function takeEach(
  database: Executor,
  sql: CountStatements,
  takes: readonly Take[],
): Promise<ReadonlySet<string>> {
  const taken = new Set<string>()
  for (const take of takes) {
    if (!(await takeOne(database, sql, take))) break
    taken.add(keyOf(take))
  }
  return taken
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
