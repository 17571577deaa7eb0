/** Opens SQL clients in worker processes, from a description that the parent sends. */

import Database from 'better-sqlite3'
import { createPool } from 'mysql2/promise'
import pg from 'pg'

const openers = {
  sqlite({ url }) {
    const db = new Database(url.replace(/^sqlite:/, ''))
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    const query = async (text, values) => {
      const statement = db.prepare(text)
      return statement.reader ? statement.all(values) : statement.run(values).changes
    }
    return { query, close: () => db.close() }
  },

  postgres({ url }) {
    const pool = new pg.Pool({ connectionString: url })
    const query = async (text, values, name) => (await pool.query({ name, text, values })).rows
    return { query, close: () => pool.end() }
  },

  mariadb({ url }) {
    const pool = createPool(url)
    const query = async (text, values) => {
      const [answer] = await pool.execute(text, values)
      return Array.isArray(answer) ? answer : answer.affectedRows
    }
    return { query, close: () => pool.end() }
  },
}

/** `dialect` names one of the above. */
export function openSql({ dialect, ...where }) {
  return { dialect, ...openers[dialect](where) }
}
