/**
 * A second factor as a good engineer writes it by hand in SQL: one statement issues a code, one judges it. Codes are
 * stored as an HMAC bound to user and session; five guesses, single use, a wait between messages. It has no grants, no
 * lock, no ladder, no resend of the same code and no daily limit.
 */

import { createHmac, randomInt } from 'node:crypto'

import { QueryTypes } from 'sequelize'

const secret = 'a secret for benchmarks, of 32 bytes at least'

const create = (table) => `CREATE TABLE ${table} (
  user_id VARCHAR(64) PRIMARY KEY, proof VARCHAR(64), expires_at BIGINT NOT NULL, attempts INTEGER NOT NULL,
  next_send_at BIGINT NOT NULL)`

const issue = (table) => `INSERT INTO ${table} VALUES ($1, $2, $3, 0, $4)
  ON CONFLICT (user_id) DO UPDATE SET proof = excluded.proof, expires_at = excluded.expires_at, attempts = 0,
    next_send_at = excluded.next_send_at
  WHERE ${table}.next_send_at <= $5 RETURNING 1 AS done`

const judge = (table) => `UPDATE ${table} SET attempts = attempts + 1,
    next_send_at = CASE WHEN proof = $2 THEN 0 ELSE next_send_at END,
    proof = CASE WHEN proof = $2 THEN NULL ELSE proof END
  WHERE user_id = $1 AND proof IS NOT NULL AND attempts < 5 AND expires_at > $3
  RETURNING CASE WHEN proof IS NULL THEN 1 ELSE 0 END AS passed`

/** Sequelize reads no rows of an INSERT on SQLite, unless it takes it for a SELECT. */
const asSelect = (sql) => `WITH one AS (SELECT 1) ${sql}`

/** By `sequelize.query`, or prepared on Sequelize's own connection. Makes the table. */
export async function strong(sequelize, table, isPrepared) {
  await sequelize.query(create(table))
  const [issuing, judging] = [issue(table), judge(table)]
  const rows = isPrepared ? preparedRows(sequelize) : queriedRows(sequelize)
  return {
    /** Answers the code to send, or `null` where none may go out now. */
    async start({ id }, sessionId) {
      const code = String(randomInt(1_000_000)).padStart(6, '0')
      const now = Date.now()
      const binds = [id, proofOf(id, sessionId, code), now + 300_000, now + 30_000, now]
      return (await rows(issuing, binds)).length === 1 ? code : null
    },
    async verify({ id }, sessionId, code) {
      const [row] = await rows(judging, [id, proofOf(id, sessionId, code), Date.now()])
      if (row === undefined) return 'refused'
      return row.passed === 1 ? 'passed' : 'code_incorrect'
    },
  }
}

function proofOf(userId, sessionId, code) {
  return createHmac('sha256', secret).update(`${userId}\0${sessionId}\0${code}`).digest('hex')
}

function queriedRows(sequelize) {
  return (sql, bind) => sequelize.query(asSelect(sql), { bind, type: QueryTypes.SELECT })
}

function preparedRows(sequelize) {
  const pool = sequelize.connectionManager
  if (sequelize.getDialect() === 'sqlite') {
    const statements = new Map()
    return async (sql, bind) => {
      const connection = await pool.getConnection({ type: 'write' })
      // Binds are told by their numbers: `$2` would be a name here, and the first that stands in the text the first.
      if (!statements.has(sql)) statements.set(sql, connection.prepare(sql.replaceAll('$', '?')))
      return settled((done) => statements.get(sql).all(bind, done))
    }
  }
  return async (text, values) => {
    const connection = await pool.getConnection({ type: 'write' })
    try {
      const name = `strong_${text.length}`
      return (await settled((done) => connection.query({ name, text, values }, done))).rows
    } finally {
      pool.releaseConnection(connection)
    }
  }
}

function settled(call) {
  return new Promise((resolve, reject) => {
    call((error, answer) => (error ? reject(error) : resolve(answer)))
  })
}
