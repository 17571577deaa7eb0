/** Runs statements directly in mysql2, which prepares each once per connection. */

import type { Sequelize } from 'sequelize'

import type { Bind } from '../sql/row-values.js'
import type { StateRow, Runner } from './runner.js'

/** The part of mysql2's connection in use. */
interface MysqlConnection {
  execute(sql: string, bind: Bind[], done: (error: Error | null, answer: unknown) => void): void
}

/** Uses connections of Sequelize's pool, to the primary if there are replicas. */
export function mysqlRunner(sequelize: Sequelize): Runner {
  const pool = sequelize.connectionManager
  const translations = new Map<string, Translation>()
  const execute = async (text: string, binds: Bind[]): Promise<unknown> => {
    const translation = translations.get(text) ?? translated(text)
    translations.set(text, translation)
    const { sql, order } = translation
    const connection = await pool.getConnection({ type: 'write' })
    try {
      return await new Promise((resolve, reject) => {
        const client = connection as MysqlConnection
        const inOrder = order.map((index) => binds[index] ?? null)
        client.execute(sql, inOrder, (error, answer) => {
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

interface Translation {
  readonly sql: string
  /** The index of the bind for each question mark. */
  readonly order: readonly number[]
}

/** Translates Sequelize's `$1` to MySQL's question marks. */
function translated(text: string): Translation {
  const order: number[] = []
  const sql = text.replaceAll(/\$(\d+)/g, (_, position: string) => {
    order.push(Number(position) - 1)
    return '?'
  })
  return { sql, order }
}
