/** The audit log in the application's database, through Sequelize. */

import type { Sequelize } from 'sequelize'

import { keepMilliseconds } from '../../core/audit-retention.js'
import { assertKnownOptions } from '../../core/known-options.js'
import type { AuditLog } from '../../ports/audit-log.js'
import { auditIn } from '../sql/audit-entries.js'
import { auditTable } from '../sql/audit-table.js'
import { tableOptionNames } from '../sql/table.js'
import { executorOf } from './executor.js'
import { checkedInstance, dialectOf } from './instance.js'
import { auditMigrations } from './migrations.js'
import { tableOf } from './table.js'

/** The database and the table of the audit log. */
export interface SequelizeAuditOptions {
  /** The application's own instance, of Sequelize 6 on SQLite (3.35), PostgreSQL, MySQL (8.0.17) or MariaDB (10.2). */
  readonly sequelize: Sequelize
  /**
   * Days that entries are kept, from 1 to 36,500; `prune` removes older ones.
   *
   * @default 400, which covers the twelve months of PCI DSS 10.5.1
   */
  readonly keepDays?: number | undefined
  /**
   * Letters, digits and underscores, at most 40.
   *
   * @default 'second_factor_audit'
   */
  readonly tableName?: string | undefined
  /**
   * The schema that holds the table; PostgreSQL only.
   *
   * @default Sequelize's own option `define.schema` or `schema`, else the first schema of the role's `search_path`
   */
  readonly schema?: string | undefined
}

/** The audit log, with the operations that an SQL database adds. */
export interface SequelizeAudit extends AuditLog {
  prune(now: Date): Promise<number>
  /** Runs the migrations that create a missing table. For demonstrations only, because it keeps no record of them. */
  sync(): Promise<void>
}

/**
 * Keeps the audit log in the application's database. Its statements run on connections of the pool, never in a
 * transaction of the application, whose rollback would erase entries.
 *
 * @throws ConfigurationError if `sequelize`, `keepDays`, `tableName` or `schema` cannot be used.
 * @example
 * const secondFactor = createSecondFactor({ …, audit: sequelizeAudit({ sequelize }) })
 */
export function sequelizeAudit(options: SequelizeAuditOptions): SequelizeAudit {
  const sequelize = checkedInstance('sequelizeAudit', options)
  assertKnownOptions('sequelizeAudit', options, {
    sequelize: true,
    keepDays: true,
    ...tableOptionNames,
  })
  const keep = keepMilliseconds('sequelizeAudit', options)
  const table = auditTable(options)
  return {
    ...auditIn(tableOf(sequelize, table), dialectOf(sequelize), executorOf(sequelize), keep),
    async sync() {
      const context = sequelize.getQueryInterface()
      for (const { up } of auditMigrations(table)) await up({ context })
    },
  }
}
