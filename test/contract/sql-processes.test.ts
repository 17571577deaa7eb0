/** Several processes, each with its own client for sqlStore and sqlCounts, share one exact limit. */

import { randomBytes } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { sqlCounts, sqlStore } from '../../src/adapters/sql/index.js'
import { freshSubject } from '../../src/testing/contract-fixtures.js'
import { hour, second, t0 } from '../support/clock.js'
import { wrongCode } from '../support/codes.js'
import { sqlDatabases } from '../support/databases.js'
import { openSql } from '../support/open-sql.mjs'
import { phoneFlows } from '../support/phone-in-process.js'
import { inProcesses, sum } from '../support/processes.js'
import { phoneOf, rowOf } from '../support/rows.js'

const [tableName, countsTable] = ['sf_sql_processes', 'sf_sql_processes_counts']
const dialects = { PostgreSQL: 'postgres', MariaDB: 'mariadb', SQLite: 'sqlite' } as const
const processes = 4

for (const { name, url } of await sqlDatabases()) {
  describe(`${processes} processes on ${name}`, { timeout: 90_000 }, () => {
    const where = { dialect: dialects[name], url }
    const { dialect, query, close } = openSql(where)
    const store = sqlStore({ dialect, query, tableName })
    const counts = sqlCounts({ dialect, query, tableName: countsTable })
    const dropAll = async () => {
      for (const table of [tableName, countsTable]) {
        await query(`DROP TABLE IF EXISTS ${table}`, [], `drop ${table}`)
      }
    }
    beforeAll(async () => {
      await dropAll()
      await store.sync()
      await counts.sync()
    })
    afterAll(async () => {
      await dropAll()
      await close()
    })

    test('judge exactly the budget out of 400 guesses at once', async () => {
      const flows = phoneFlows(store)
      const { maxAttempts } = flows.policy
      const subject = freshSubject('guesses')
      await flows.start(subject)
      const code = wrongCode(flows.sent[0] ?? '')
      const address = { kind: 'sql', tableName, ...where }
      const job = { job: 'guess', store: address, subject, code, times: 400 / processes }
      expect(sum(await inProcesses(processes, job))).toEqual({
        code_incorrect: maxAttempts,
        attempts_exhausted: 400 - maxAttempts,
      })
      const row = await rowOf(store, subject)
      expect([phoneOf(row).challenge?.attempts, row.failures]).toEqual([maxAttempts, maxAttempts])
    })

    test('start one challenge and send one message, however many ask at once', async () => {
      const subject = freshSubject('starts')
      const address = { kind: 'sql', tableName, ...where }
      const job = { job: 'start', store: address, subject, times: 25 }
      expect(sum(await inProcesses(processes, job))).toEqual({ sent: 1 })
    })

    test('send exactly the messages of one limit', async () => {
      const now = t0 + 200 * hour + 300 * second
      const job = {
        ...({ job: 'send', worker: 'counts-worker.mjs', times: 40, atOnce: 8, now } as const),
        store: { kind: 'sql', tableName: countsTable, ...where },
        secret: randomBytes(32).toString('base64url'),
        rules: { application: { perDay: 60, newShare: 1 } },
      }
      expect(sum(await inProcesses(processes, job))).toEqual({ sent: 60 })
      const series = await counts.series(['~~'], Math.floor(now / 600_000) - 144)
      expect(series.reduce((total, { units }) => total + units, 0)).toBe(60)
    })
  })
}
