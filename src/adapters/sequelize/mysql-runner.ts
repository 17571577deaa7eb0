/** Runs statements directly in mysql2, which prepares each once per connection. */

import type { Sequelize } from 'sequelize'

import { orderedStatement, type Ordered } from '../sql/placeholders.js'
import type { Bind } from '../sql/row-values.js'
import type { StateRow, Runner } from './runner.js'

/** The part of mysql2's connection in use. */
interface MysqlConnection {
  execute(sql: string, bind: Bind[], done: (error: Error | null, answer: unknown) => void): void
}

/** Uses connections of Sequelize's pool, to the primary if there are replicas. */
export function mysqlRunner(sequelize: Sequelize): Runner {
  const pool = sequelize.connectionManager
  const statements = new Map<string, Ordered>()
  const execute = async (text: string, binds: Bind[]): Promise<unknown> => {
    const statement = statements.get(text) ?? orderedStatement(text, false)
    statements.set(text, statement)
    const connection = await pool.getConnection({ type: 'write' })
    try {
      return await new Promise((resolve, reject) => {
        const client = connection as MysqlConnection
        client.execute(statement.text, statement.valuesOf(binds), (error, answer) => {
          if (error === null) resolve(answer)
          else reject(error)
        })
      })
    } finally {
      pool.releaseConnection(connection)
    }
  }
  return {
    rows: (sql, bind) => execute(sql, bind).then((answer) => answer as StateRow[]),
    changes: (sql, bind) =>
      execute(sql, bind).then((answer) => (answer as { affectedRows: number }).affectedRows),
  }
}
