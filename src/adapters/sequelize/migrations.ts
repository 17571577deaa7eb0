/** The tables' migrations, for Umzug or any runner that calls `up` and `down` with a QueryInterface. */

import { assertKnownOptions } from '../../core/known-options.js'
import { auditDefinition, auditTable } from '../sql/audit-table.js'
import { countsDefinition, countsTable } from '../sql/counts-table.js'
import { statesDefinition } from '../sql/states-table.js'
import { tableOptionNames } from '../sql/table.js'
import { creationMigration, type Migration } from './create-table.js'
import type { TableOptions } from './table.js'

export type { Migration } from './create-table.js'

/** The tables to create. */
export interface MigrationOptions extends TableOptions {
  /**
   * The name of the table for `sequelizeCounts`: letters, digits and underscores, at most 40.
   *
   * @default 'second_factor_counts'
   */
  readonly countsTableName?: string | undefined
  /**
   * The name of the table for `sequelizeAudit`: letters, digits and underscores, at most 40.
   *
   * @default 'second_factor_audit'
   */
  readonly auditTableName?: string | undefined
}

/**
 * The migrations of tables with custom names or a schema, oldest first.
 *
 * @throws ConfigurationError if a name cannot be used.
 * @example
 * const umzug = new Umzug({ migrations: migrationsFor({ schema: 'auth' }), … })
 */
export function migrationsFor(options: MigrationOptions = {}): Migration[] {
  assertKnownOptions('migrationsFor', options, {
    ...tableOptionNames,
    countsTableName: true,
    auditTableName: true,
  })
  const { schema, countsTableName, auditTableName } = options
  return [
    ...stateMigrations(options),
    ...countMigrations({ schema, tableName: countsTableName }),
    ...auditMigrations({ schema, tableName: auditTableName }),
  ]
}

/**
 * The migrations of the default tables, `second_factor_states`, `second_factor_counts` and `second_factor_audit`, oldest
 * first.
 */
export const migrations: Migration[] = migrationsFor()

/** The migrations of only the states, oldest first. */
export function stateMigrations(options: TableOptions): Migration[] {
  return [creationMigration('0001', options, statesDefinition(options))]
}

/** The migrations of only the counts, oldest first. */
export function countMigrations(options: TableOptions): Migration[] {
  return [creationMigration('0002', countsTable(options), countsDefinition)]
}

/** The migrations of only the audit log, oldest first. */
export function auditMigrations(options: TableOptions): Migration[] {
  return [creationMigration('0003', auditTable(options), auditDefinition)]
}
