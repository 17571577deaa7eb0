/** Runs named statements through node-postgres, so that PostgreSQL parses each only once per connection. */

import type { Sequelize } from 'sequelize'

import type { Bind } from '../sql/row-values.js'
import { statementName } from '../sql/statement-name.js'
import type { StateRow, Runner } from './runner.js'

interface Result {
  readonly rows: readonly StateRow[]
  readonly rowCount: number | null
}

/** The part of node-postgres's client in use. */
interface PostgresClient {
  query(
    statement: { name: string; text: string; values: Bind[] },
    done: (error: Error | null, result: Result) => void,
  ): void
}

/** Makes a runner on connections from Sequelize's pool, to the primary if there are replicas. */
export function postgresRunner(sequelize: Sequelize): Runner {
  const pool = sequelize.connectionManager
  const names = new Map<string, string>()
  const query = async (text: string, values: Bind[]): Promise<Result> => {
    const name = names.get(text) ?? statementName(text)
    names.set(text, name)
    const connection = await pool.getConnection({ type: 'write' })
    let isIdle = true
    try {
      return await new Promise((resolve, reject) => {
        const client = connection as PostgresClient
        client.query({ name, text, values }, (error, result) => {
          if (error === null) resolve(result)
          else reject(error)
        })
      })
    } catch (error) {
      // Only errors from the server have a severity. After any other, such as a timeout, it may still be busy.
      isIdle = error instanceof Error && 'severity' in error
      throw error
    } finally {
      if (isIdle) pool.releaseConnection(connection)
      else await pool.destroyConnection(connection)
    }
  }
  return {
    rows: (sql, bind) => query(sql, bind).then(({ rows }) => rows),
    changes: (sql, bind) => query(sql, bind).then(({ rowCount }) => rowCount ?? 0),
  }
}
