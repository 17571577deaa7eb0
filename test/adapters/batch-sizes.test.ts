/** Statements over lists: however long the list, the database prepares only a few. */

import { expect, test } from 'vitest'

import { countsIn } from '../../src/adapters/sql/bucket-counts.js'
import { inBatches, padded } from '../../src/adapters/sql/batch-sizes.js'
import { checkedDialect } from '../../src/adapters/sql/dialect.js'
import type { Executor } from '../../src/adapters/sql/executor.js'
import { tableOn } from '../../src/adapters/sql/table.js'

const list = Array.from({ length: 300 }, (_none, index) => index)

test('batches hold every item once, in order', () => {
  for (const length of [0, 1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 200, 300]) {
    expect([...inBatches(list.slice(0, length))].flat()).toEqual(list.slice(0, length))
  }
})

test('padding repeats only the last item', () => {
  for (const length of [1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 200, 300]) {
    const items = padded(list.slice(0, length))
    expect([...new Set(items)]).toEqual(list.slice(0, length))
    expect(items.slice(length).every((item) => item === length - 1)).toBe(true)
  }
})

test.each(['postgres', 'mariadb'] as const)(
  'counts on %s use at most twenty statements for lists of 1 to 300 items',
  async (name) => {
    const dialect = checkedDialect('counts', name)
    for (const call of ['add', 'sums', 'series'] as const) {
      const texts = new Set<string>()
      const database: Executor = {
        first: () => Promise.resolve(null),
        all(text) {
          if (text.includes('VERSION()')) return Promise.resolve(['10.11.6-MariaDB'])
          texts.add(text)
          return Promise.resolve([])
        },
        change: () => Promise.resolve(1),
        written: () => Promise.resolve(null),
        insert: () => Promise.resolve(true),
      }
      const counts = countsIn(tableOn(dialect, { tableName: 'counts' }), dialect, database)
      const windows = { now: 100, beside: null, hour: 94, day: 0, week: 0 }
      for (let length = 1; length <= list.length; length += 1) {
        const names = list.slice(0, length).map((item) => `n:${item}`)
        if (call === 'sums') await counts.sums(names, windows)
        else if (call === 'series') await counts.series(names, 0)
        else {
          const rows = names.map((counter) => ({ counter, bucket: 1, units: 1, keepUntil: 2 }))
          await counts.add(rows)
        }
      }
      expect(texts.size).toBeLessThanOrEqual(20)
      expect(texts.size).toBeGreaterThan(1)
    }
  },
)
