/** The statements that the migrations run, for whoever runs SQL by hand. */

import type { QueryInterface } from 'sequelize'

import { migrationsFor, type MigrationOptions } from './migrations.js'

/** The databases that there are statements for. */
export const schemaDialects = ['postgres', 'mysql', 'mariadb', 'sqlite'] as const

/** A database that there are statements for. */
export type SchemaDialect = (typeof schemaDialects)[number]

/** The collations that compare bytes, which a migration asks the server for. */
const byteCollations: Readonly<Partial<Record<SchemaDialect, string>>> = {
  mysql: 'utf8mb4_0900_bin',
  mariadb: 'utf8mb4_nopad_bin',
}

/**
 * The statements that make every table, in order. No database is asked.
 *
 * @throws ConfigurationError where a name cannot be used.
 */
export async function schemaStatements(
  dialect: SchemaDialect,
  options: MigrationOptions,
): Promise<readonly string[]> {
  const statements: string[] = []
  const recorder: unknown = {
    sequelize: {
      options: {},
      getDialect: () => dialect,
      query(text: string) {
        if (text.startsWith('SELECT COLLATION_NAME')) {
          return Promise.resolve([{ name: byteCollations[dialect] }])
        }
        statements.push(text)
        return Promise.resolve([])
      },
    },
  }
  // Of a QueryInterface, the migrations use only what is recorded; the test of this runs what they say.
  const context = recorder as QueryInterface
  for (const migration of migrationsFor(options)) await migration.up({ context })
  return statements
}
