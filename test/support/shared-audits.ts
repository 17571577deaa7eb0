/** The audit logs that the tests run on: SQLite, PostgreSQL and MariaDB if they are available, and memory. */

import type { Sequelize } from 'sequelize'
import { afterAll } from 'vitest'

import { memoryAudit } from '../../src/adapters/memory/memory-audit.js'
import { sequelizeAudit } from '../../src/adapters/sequelize/index.js'
import type { AuditLog } from '../../src/ports/audit-log.js'
import { dropTables, openSequelize, sqlDatabases, type Database } from './databases.js'

/** An audit log in a database. */
export interface SharedAudit {
  readonly name: Database['name']
  readonly url: string
  readonly audit: AuditLog
  readonly sequelize: Sequelize
}

/** The audit logs in databases. `tableName` keeps the test file's own apart from all others. */
export async function sqlAudits(tableName: string): Promise<readonly SharedAudit[]> {
  const found: SharedAudit[] = []
  for (const database of await sqlDatabases()) {
    const sequelize = openSequelize(database)
    const audit = sequelizeAudit({ sequelize, tableName })
    await dropTables(sequelize, tableName)
    await audit.sync()
    afterAll(async () => {
      await dropTables(sequelize, tableName)
      await sequelize.close()
    })
    found.push({ ...database, audit, sequelize })
  }
  return found
}

/** The same, and one in memory. */
export async function allAudits(
  tableName: string,
): Promise<readonly { readonly name: string; readonly audit: AuditLog }[]> {
  return [{ name: 'memory', audit: memoryAudit() }, ...(await sqlAudits(tableName))]
}
