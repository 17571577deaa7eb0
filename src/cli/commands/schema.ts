/** `schema`: prints the SQL of the migrations, for whoever runs SQL by hand. */

import type { Command } from '../command.js'
import { CommandLineError } from '../errors.js'

/** Prints the statements that make the tables. */
export const schema: Command = {
  summary: 'Prints the SQL that makes the tables: for postgres, mysql, mariadb or sqlite.',
  operands: ['database'],
  options: { schema: { value: 'name', means: 'the schema of the tables, on postgres alone' } },
  needsConfig: false,
  async run({ operands: [dialect = ''], values }) {
    const { schemaDialects, schemaStatements } = await loaded()
    const known = schemaDialects.find((each) => each === dialect)
    if (known === undefined) {
      throw new CommandLineError(
        'usage',
        `the database must be one of ${schemaDialects.join(', ')}`,
      )
    }
    const named = typeof values['schema'] === 'string' ? { schema: values['schema'] } : {}
    const statements = await schemaStatements(known, named)
    return { json: { statements }, lines: statements.map((text) => `${text};`) }
  },
}

/** The migrations are Sequelize's, which is an optional peer. */
async function loaded(): Promise<typeof import('../../adapters/sequelize/schema-statements.js')> {
  try {
    return await import('../../adapters/sequelize/schema-statements.js')
  } catch {
    throw new CommandLineError('refused', 'schema needs sequelize: install it beside this package')
  }
}
