/** `schema`: prints the SQL of the migrations, for running it by hand. */

import { sqlDialects, sqlMigrations } from '../../adapters/sql/index.js'
import type { Command } from '../command.js'
import { CommandLineError } from '../errors.js'

/** Prints the statements that create the tables. */
export const schema: Command = {
  summary: 'Prints the SQL that creates the tables, for postgres, mysql, mariadb or sqlite.',
  operands: ['database'],
  options: { schema: { value: 'name', means: 'the schema of the tables; postgres only' } },
  needsConfig: false,
  run({ operands: [dialect = ''], values }) {
    const known = sqlDialects.find((each) => each === dialect)
    if (known === undefined) {
      throw new CommandLineError('usage', `the database must be one of ${sqlDialects.join(', ')}`)
    }
    const named = typeof values['schema'] === 'string' ? { schema: values['schema'] } : {}
    const statements = sqlMigrations(known, named).flatMap(({ up }) => up)
    return Promise.resolve({ json: { statements }, lines: statements.map((text) => `${text};`) })
  },
}
