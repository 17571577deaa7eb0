/** The tables on plain SQL, without an ORM: `passport-second-factor/sql`. */

export { sqlMigrations, type SqlMigration, type SqlMigrationOptions } from './migrations.js'
export { sqlDialects, type SqlDialect } from './dialect.js'
