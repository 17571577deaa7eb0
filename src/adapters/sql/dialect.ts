/** What differs between the databases: quoting, how a row is read, and how an instant is written. */

import { ConfigurationError } from '../../core/errors.js'
import type { Instant } from '../../core/state.js'

/** The database families that the store speaks. */
export type DialectName = 'sqlite' | 'postgres' | 'mysql'

export interface Dialect {
  readonly name: DialectName
  /** Quotes an identifier that was checked before. */
  readonly quote: (identifier: string) => string
  /** An instant as it is bound: always UTC, whatever the zone of the process, Sequelize or the connection. */
  readonly writeInstant: (instant: Instant) => string
  /** A flag as it is bound: some drivers bind no booleans to SQLite. */
  readonly writeFlag: (flag: boolean) => boolean | number
  /** One JSON text of these names and values, so that no driver's or application's parser has a say in a row. */
  readonly jsonObject: (pairs: string) => string
}

/** The text that Sequelize's own models write into SQLite, which compares as the instants do. */
function sqliteText(instant: Instant): string {
  const iso = new Date(instant).toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)} +00:00`
}

const dialects: Readonly<Record<DialectName, Dialect>> = {
  sqlite: {
    name: 'sqlite',
    // Not the backticks that Sequelize uses: behind them it asks for PRAGMA table_info at every SELECT.
    quote: (identifier) => `"${identifier}"`,
    writeInstant: sqliteText,
    writeFlag: Number,
    jsonObject: (pairs) => `json_object(${pairs})`,
  },
  postgres: {
    name: 'postgres',
    quote: (identifier) => `"${identifier}"`,
    writeInstant: (instant) => new Date(instant).toISOString(),
    writeFlag: (flag) => flag,
    jsonObject: (pairs) => `json_build_object(${pairs})::text`,
  },
  mysql: {
    name: 'mysql',
    quote: (identifier) => `\`${identifier}\``,
    // DATETIME knows no zone.
    writeInstant: (instant) => new Date(instant).toISOString().slice(0, 23),
    writeFlag: Number,
    jsonObject: (pairs) => `CAST(JSON_OBJECT(${pairs}) AS CHAR)`,
  },
}

/** By the names that people give: MariaDB speaks as MySQL does. */
export const dialectsByName: ReadonlyMap<string, Dialect> = new Map([
  ['sqlite', dialects.sqlite],
  ['postgres', dialects.postgres],
  ['mysql', dialects.mysql],
  ['mariadb', dialects.mysql],
])

/** The databases that there is SQL for. */
export const sqlDialects = ['postgres', 'mysql', 'mariadb', 'sqlite'] as const

/** A database that there is SQL for. */
export type SqlDialect = (typeof sqlDialects)[number]

/**
 * The dialect of an option.
 *
 * @throws ConfigurationError where there is none of this name.
 */
export function checkedDialect(owner: string, name: SqlDialect): Dialect {
  const dialect = dialectsByName.get(name)
  if (dialect !== undefined) return dialect
  throw new ConfigurationError(
    `${owner}: dialect is ${JSON.stringify(name)}; use one of ${sqlDialects.join(', ')}`,
    `${owner}.dialect`,
  )
}

const written =
  /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d+)?)(?: ?(?:Z|([+-]\d{2}):?(\d{2})?))?$/

/** An instant out of what a database wrote; `NaN` where it is none. Text without a zone is UTC. */
export function readInstant(value: unknown): Instant {
  const match = typeof value === 'string' ? written.exec(value) : null
  if (match === null) return NaN
  const [, date = '', time = '', hours = '+00', minutes = '00'] = match
  return Date.parse(`${date}T${time}${hours}:${minutes}`)
}
