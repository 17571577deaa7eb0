/** The differences between databases: quoting, JSON, flags and instants. */

import { ConfigurationError } from '../../core/errors.js'
import type { Instant } from '../../core/state.js'

/** The supported families of databases. */
export type DialectName = 'sqlite' | 'postgres' | 'mysql'

export interface Dialect {
  readonly name: DialectName
  /** Quotes an identifier that has already been checked. */
  readonly quote: (identifier: string) => string
  /** Returns the value to bind for an instant: always UTC, whatever the time zone of the process or connection. */
  readonly writeInstant: (instant: Instant) => string
  /** Returns the value to bind for a flag. Some SQLite drivers cannot bind booleans. */
  readonly writeFlag: (flag: boolean) => boolean | number
  /** Makes one JSON string of a row, because drivers and applications parse column types in their own ways. */
  readonly jsonObject: (pairs: string) => string
}

/** The format that Sequelize's models write into SQLite. It sorts in the order of time. */
function sqliteText(instant: Instant): string {
  const iso = new Date(instant).toISOString()
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)} +00:00`
}

const dialects: Readonly<Record<DialectName, Dialect>> = {
  sqlite: {
    name: 'sqlite',
    // No backticks: with them, Sequelize runs PRAGMA table_info at every SELECT.
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
    // DATETIME has no time zone.
    writeInstant: (instant) => new Date(instant).toISOString().slice(0, 23),
    writeFlag: Number,
    jsonObject: (pairs) => `CAST(JSON_OBJECT(${pairs}) AS CHAR)`,
  },
}

/** Dialects by the names that people use. MariaDB shares MySQL's. */
export const dialectsByName: ReadonlyMap<string, Dialect> = new Map([
  ['sqlite', dialects.sqlite],
  ['postgres', dialects.postgres],
  ['mysql', dialects.mysql],
  ['mariadb', dialects.mysql],
])

/** The values of the option `dialect`. */
export const sqlDialects = ['postgres', 'mysql', 'mariadb', 'sqlite'] as const

/** A supported database. */
export type SqlDialect = (typeof sqlDialects)[number]

/**
 * Returns the dialect for an option's value.
 *
 * @throws ConfigurationError if no dialect has this name.
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

/** Parses an instant that a database returned; `NaN` if it is not one. Without a time zone, it is UTC. */
export function readInstant(value: unknown): Instant {
  const match = typeof value === 'string' ? written.exec(value) : null
  if (match === null) return NaN
  const [, date = '', time = '', hours = '+00', minutes = '00'] = match
  return Date.parse(`${date}T${time}${hours}:${minutes}`)
}
