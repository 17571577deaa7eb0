/** Storage through Sequelize 6, on SQLite, PostgreSQL, MySQL or MariaDB: `passport-second-factor/sequelize`. */

export { sequelizeStore, type SequelizeStore, type SequelizeStoreOptions } from './store.js'
export { sequelizeCounts, type SequelizeCounts, type SequelizeCountsOptions } from './counts.js'
export { sequelizeAudit, type SequelizeAudit, type SequelizeAuditOptions } from './audit.js'
export { migrations, migrationsFor, type Migration, type MigrationOptions } from './migrations.js'
export { defineSecondFactorModel, type SecondFactorRow } from './model.js'
export { tuneSqlite } from './sqlite.js'
export type { TableOptions } from './table.js'
