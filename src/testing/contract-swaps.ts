/** The contract's cases about swaps: only the version decides, however many come at once. */

import assert from 'node:assert/strict'

import {
  bareState,
  freshSubject,
  fullState,
  inParallel,
  type ContractCase,
} from './contract-fixtures.js'

export const swapCases: readonly ContractCase[] = [
  {
    title: 'the greatest versions are compared exactly',
    async run(store) {
      const subject = freshSubject('versions')
      const version = Number.MAX_SAFE_INTEGER - 1
      await store.compareAndSwap(subject, null, bareState(subject, version))
      for (const near of [version - 1, version + 1]) {
        assert.equal(await store.compareAndSwap(subject, near, fullState(subject, 1)), false)
      }
      assert.equal(await store.compareAndSwap(subject, version, fullState(subject, 1)), true)
    },
  },
  {
    title: 'a stale swap returns false and changes nothing',
    async run(store) {
      const subject = freshSubject('stale')
      await store.compareAndSwap(subject, null, bareState(subject, 5))
      const current = fullState(subject, 6)
      assert.equal(await store.compareAndSwap(subject, 5, current), true)
      for (const stale of [5, 4, 7, 0]) {
        assert.equal(await store.compareAndSwap(subject, stale, bareState(subject, 8)), false)
      }
      assert.deepEqual(await store.read(subject), current)
    },
  },
  {
    title: 'a swap on a subject without a row returns false and creates none',
    async run(store) {
      const subject = freshSubject('nothing to swap')
      assert.equal(await store.compareAndSwap(subject, 1, fullState(subject, 2)), false)
      assert.equal(await store.read(subject), null)
    },
  },
  {
    title: 'an insert over an existing row returns false and changes nothing',
    async run(store) {
      const subject = freshSubject('taken')
      const first = fullState(subject, 3)
      await store.compareAndSwap(subject, null, first)
      assert.equal(await store.compareAndSwap(subject, null, bareState(subject, 3)), false)
      assert.equal(await store.compareAndSwap(subject, null, bareState(subject, 9)), false)
      assert.deepEqual(await store.read(subject), first)
    },
  },
  ...[
    { title: 'of ten concurrent inserts, one succeeds', before: null },
    { title: 'of ten concurrent swaps on one version, one succeeds', before: 100 },
  ].map(
    ({ title, before }) =>
      ({
        title,
        async run(store) {
          const subject = freshSubject('racers')
          if (before !== null) await store.compareAndSwap(subject, null, bareState(subject, before))
          const held = await inParallel(10, (index) =>
            store.compareAndSwap(subject, before, { ...fullState(subject, 101), failures: index }),
          )
          assert.equal(held.filter(Boolean).length, 1)
          assert.equal((await store.read(subject))?.failures, held.indexOf(true))
        },
      }) satisfies ContractCase,
  ),
  {
    title: 'a swap of a row that was deleted and inserted anew writes every field',
    async run(store) {
      const state = fullState(freshSubject('anew'), 1)
      const { subject } = state
      await store.compareAndSwap(subject, null, state)
      await store.read(subject)
      await store.delete(subject)
      assert.equal(await store.compareAndSwap(subject, null, bareState(subject, 1)), true)
      assert.equal(await store.compareAndSwap(subject, 1, { ...state, version: 2 }), true)
      assert.deepEqual(await store.read(subject), { ...state, version: 2 })
    },
  },
  {
    title: 'concurrent swaps of many subjects each hold, but for a stale one',
    async run(store) {
      const subjects = Array.from({ length: 40 }, (_, at) => freshSubject(`together ${at}`))
      await Promise.all(
        subjects.map((subject) => store.compareAndSwap(subject, null, bareState(subject, 1))),
      )
      const stale = 7
      const held = await inParallel(subjects.length, (at) => {
        const subject = subjects[at] ?? ''
        return store.compareAndSwap(subject, at === stale ? 2 : 1, fullState(subject, 3))
      })
      assert.deepEqual(
        held,
        subjects.map((_, at) => at !== stale),
      )
      const rows = await Promise.all(subjects.map((subject) => store.read(subject)))
      const written = subjects.map((subject, at) =>
        at === stale ? bareState(subject, 1) : fullState(subject, 3),
      )
      assert.deepEqual(rows, written)
    },
  },
]
