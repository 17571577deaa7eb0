/**
 * The fewest possible statements, by hand on node-sqlite3: one to start, one to verify, right or wrong. The rules are
 * those of `baseline.mjs`, but here the database compares, and everything is in SQL.
 */

import { createHmac, randomInt } from 'node:crypto'

import sqlite3 from 'sqlite3'

const secret = 'a secret for benchmarks, of 32 bytes at least'

const create = `CREATE TABLE IF NOT EXISTS fewest_factors (
  user_id TEXT PRIMARY KEY, proof TEXT, expires_at INTEGER NOT NULL, attempts INTEGER NOT NULL,
  failures INTEGER NOT NULL, next_send_at INTEGER NOT NULL, locked_until INTEGER NOT NULL)`

const start = `INSERT INTO fewest_factors VALUES ($user, $proof, $now + 300000, 0, 0, $now + 30000, 0)
  ON CONFLICT (user_id) DO UPDATE SET proof = $proof, expires_at = $now + 300000, attempts = 0,
    next_send_at = $now + 30000
  WHERE next_send_at <= $now AND locked_until <= $now RETURNING 1`

const verify = `UPDATE fewest_factors SET attempts = attempts + 1,
    failures = iif(proof = $proof, 0, failures + 1),
    locked_until = iif(proof <> $proof AND (failures + 1) % 10 = 0, $now + 1800000, locked_until),
    next_send_at = iif(proof = $proof, 0, next_send_at),
    proof = iif(proof = $proof, NULL, proof)
  WHERE user_id = $user AND proof IS NOT NULL AND attempts < 5 AND expires_at > $now
    AND locked_until <= $now
  RETURNING proof IS NULL AS passed`

/** Opens the file, and makes the table. */
export async function fewest(storage) {
  const database = new sqlite3.Database(storage)
  const call = (method, ...given) =>
    new Promise((resolve, reject) => {
      database[method](...given, (error, answer) => (error ? reject(error) : resolve(answer)))
    })
  await call('exec', 'PRAGMA busy_timeout=5000; PRAGMA synchronous=NORMAL; PRAGMA journal_mode=WAL')
  await call('exec', create)
  const bound = (user, code) => {
    const proof = createHmac('sha256', secret).update(`${user}\0${code}`).digest('hex')
    return { $user: user, $proof: proof, $now: Date.now() }
  }
  return {
    async start({ id }) {
      const code = String(randomInt(1_000_000)).padStart(6, '0')
      const started = await call('all', start, bound(id, code))
      return started.length === 1 ? code : null
    },
    async verify({ id }, code) {
      const [row] = await call('all', verify, bound(id, code))
      if (row === undefined) return 'refused'
      return row.passed === 1 ? 'passed' : 'code_incorrect'
    },
    close: () => call('close'),
  }
}
