/**
 * With every SQL client in the README, connected by the function shown there, store and counts keep their contracts.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  sqlCounts,
  sqlStore,
  type SqlCounts,
  type SqlQuery,
  type SqlStore,
} from '../../src/adapters/sql/index.js'
import { fullState, freshSubject } from '../../src/testing/contract-fixtures.js'
import { countContract, storeContract } from '../../src/testing/index.js'
import { sqlClients, type SqlClient } from '../support/sql-clients.js'

for (const { client, database, open } of await sqlClients()) {
  describe(`${client} on ${database.name}`, () => {
    const suffix = client.toLowerCase().replaceAll(/\W/g, '_')
    const names = { states: `sf_sql_${suffix}`, counts: `sf_sql_${suffix}_counts` }
    let opened: SqlClient
    let store: SqlStore
    let counts: SqlCounts
    const dropAll = async () => {
      for (const name of Object.values(names)) {
        await opened.query(`DROP TABLE IF EXISTS ${name}`, [], `drop ${name}`)
      }
    }

    beforeAll(async () => {
      opened = await open()
      const { dialect, query } = opened
      store = sqlStore({ dialect, query, tableName: names.states })
      counts = sqlCounts({ dialect, query, tableName: names.counts })
      await dropAll()
    })
    afterAll(async () => {
      await dropAll()
      await opened.close()
    })

    test('answers a statement of the turn that opened the client', async () => {
      const early = await open()
      const { dialect, query } = early
      const earlyStore = sqlStore({ dialect, query, tableName: names.states })
      await expect(earlyStore.check()).rejects.toThrow('run the migrations')
      await early.close()
    })

    test('reports missing tables until they are created', async () => {
      for (const keeper of [store, counts]) {
        await expect(keeper.check()).rejects.toThrow('run the migrations')
        await Promise.all([keeper.sync(), keeper.sync()])
        await keeper.sync()
        await keeper.check()
      }
    })

    test('gives every placeholder its one value, in order', async () => {
      const seen: { text: string; values: unknown[]; name: string }[] = []
      const query: SqlQuery = (text, values, name) => {
        seen.push({ text, values, name })
        return opened.query(text, values, name)
      }
      const watched = sqlStore({ dialect: opened.dialect, query, tableName: names.states })
      const state = fullState(freshSubject('placeholders'), 1)
      await watched.compareAndSwap(state.subject, null, state)
      await watched.compareAndSwap(state.subject, 1, { ...state, version: 2 })
      await watched.prune(new Date(0), new Date(0))
      await watched.delete(state.subject)
      const broken = seen.filter(({ text, values }) => {
        const found = [...text.matchAll(/\$(\d+)|\?/g)].map(([, at]) => at)
        const wanted = values.map((_, at) => String(at + 1))
        const isNumbered = opened.dialect === 'postgres'
        return isNumbered ? found.join() !== wanted.join() : found.length !== values.length
      })
      expect(broken).toEqual([])
      const byName = new Map(seen.map(({ name, text }) => [name, text]))
      expect(new Set(byName.values()).size).toBe(byName.size)
      expect(seen.length).toBeGreaterThanOrEqual(5)
    })

    describe('as a store', () => {
      for (const { title, run } of storeContract(() => Promise.resolve({ store }))) test(title, run)
    })

    describe('as counts', () => {
      for (const { title, run } of countContract(() => Promise.resolve({ counts }))) {
        test(title, run)
      }
    })
  })
}
