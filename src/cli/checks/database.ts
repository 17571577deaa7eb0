/** Checks the database behind Sequelize: its clock, its pool, and SQLite's durability. Reads only. */

import { firstMilliseconds } from './answers.js'
import type { DatabaseUnderCheck } from '../config.js'
import { clockFinding } from './clock.js'
import { finding, type Finding } from './finding.js'

/** Queries for a server's time, in milliseconds. SQLite has no clock of its own. */
const clocks: Readonly<Partial<Record<string, string>>> = {
  postgres: 'SELECT EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS now',
  mysql: 'SELECT UNIX_TIMESTAMP(NOW(3)) * 1000 AS now',
  mariadb: 'SELECT UNIX_TIMESTAMP(NOW(3)) * 1000 AS now',
}

/** Checks a Sequelize instance. */
export async function checkDatabase(
  database: DatabaseUnderCheck | undefined,
): Promise<readonly Finding[]> {
  if (database === undefined) return []
  const dialect = database.getDialect()
  const clock = clocks[dialect]
  try {
    if (dialect === 'sqlite') return await sqliteFindings(database)
    const began = Date.now()
    const now = clock === undefined ? NaN : firstMilliseconds(await database.query(clock))
    return [
      ...(clock === undefined ? [] : [clockFinding('database', now, began, Date.now())]),
      ...poolFindings(dialect, Reflect.get(database, 'options')),
    ]
  } catch {
    return [finding('fail', 'database', 'cannot be queried: check its address and credentials')]
  }
}

async function sqliteFindings(database: DatabaseUnderCheck): Promise<readonly Finding[]> {
  const journal = JSON.stringify(await database.query('PRAGMA journal_mode'))
  const synchronous = JSON.stringify(await database.query('PRAGMA synchronous'))
  const findings: Finding[] = []
  if (/:0\b/.test(synchronous)) {
    const text =
      'synchronous is OFF: a power cut may damage the file or lose failures; call tuneSqlite(sequelize)'
    findings.push(finding('fail', 'sqlite', text))
  }
  if (!/"(?:wal|memory)"/i.test(journal)) {
    const text =
      'journal_mode is not WAL: readers and writers block each other; call tuneSqlite(sequelize)'
    findings.push(finding('warn', 'sqlite', text))
  }
  return findings.length > 0 ? findings : [finding('ok', 'sqlite', 'writes are durable, in WAL')]
}

function poolFindings(dialect: string, options: unknown): readonly Finding[] {
  const { pool, dialectOptions } = partsOf(options)
  const { max = 5 } = partsOf(pool)
  const size = Number(max)
  const findings = [
    size >= 2
      ? finding('ok', 'pool', `${size} connections`)
      : finding(
          'warn',
          'pool',
          'one connection: every request waits for the one before; raise pool.max',
        ),
  ]
  const { query_timeout: query, statement_timeout: statement } = partsOf(dialectOptions)
  if (dialect === 'postgres' && query === undefined && statement === undefined) {
    const text =
      'no query_timeout: a silently lost connection keeps its place in the pool for long; set dialectOptions.query_timeout'
    findings.push(finding('warn', 'pool', text))
  }
  return findings
}

function partsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
