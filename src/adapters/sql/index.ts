/** A store and counts over any SQL client, without an ORM: `passport-second-factor/sql`. */

export { sqlStore, type SqlStore, type SqlStoreOptions } from './store.js'
export { sqlCounts, type SqlCounts, type SqlCountsOptions } from './counts.js'
export { sqlMigrations, type SqlMigration, type SqlMigrationOptions } from './migrations.js'
export { sqlDialects, type SqlDialect } from './dialect.js'
export type { SqlAnswer, SqlQuery, SqlValue } from './query.js'
export type { SqlOptions } from './options.js'
export type { TableOptions } from './table.js'
