/** Sessions in the database with the fewest statements: one for each call by express-session. */

import { Store } from 'express-session'
import { QueryTypes } from 'sequelize'

export class SqlSessions extends Store {
  #sequelize
  #table

  constructor(sequelize, table) {
    super()
    this.#sequelize = sequelize
    this.#table = table
  }

  async sync() {
    const columns = 'sid VARCHAR(64) PRIMARY KEY, data TEXT NOT NULL, expires_at BIGINT NOT NULL'
    await this.#sequelize.query(`CREATE TABLE ${this.#table} (${columns})`)
  }

  get(sid, done) {
    this.#run(
      `SELECT data FROM ${this.#table} WHERE sid = $1 AND expires_at > $2`,
      [sid, Date.now()],
      done,
      ([row]) => (row === undefined ? null : JSON.parse(row.data)),
    )
  }

  set(sid, session, done) {
    this.#run(
      `WITH one AS (SELECT 1) INSERT INTO ${this.#table} VALUES ($1, $2, $3) ` +
        'ON CONFLICT (sid) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at',
      [sid, JSON.stringify(session), Date.now() + 86_400_000],
      done,
    )
  }

  destroy(sid, done) {
    this.#run(`DELETE FROM ${this.#table} WHERE sid = $1`, [sid], done)
  }

  #run(sql, bind, done, read = () => undefined) {
    this.#sequelize.query(sql, { bind, type: QueryTypes.SELECT }).then(
      (rows) => done?.(null, read(rows)),
      (error) => done?.(error),
    )
  }
}
