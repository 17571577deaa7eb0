/** The contract's cases about rows: they read as written, and only the version decides a swap. */

import assert from 'node:assert/strict'

import type { SubjectState } from '../core/state.js'
import {
  bareState,
  freshSubject,
  fullPhonePart,
  fullState,
  heldParts,
  inParallel,
  unknownPart,
  withParts,
  type ContractCase,
} from './contract-fixtures.js'

/** Pairs of subjects that a loose comparison treats as equal. */
const lookalikes: readonly (readonly [why: string, one: string, other: string])[] = [
  ['case', 'Alice', 'alice'],
  ['accent', 'zoé', 'zoe'],
  ['composition', 'zo\u00E9', 'zoe\u0301'],
  ['a trailing space', 'bob', 'bob '],
  ['width', '７７', '77'],
]

function phoneWith(fields: object): (subject: string) => SubjectState {
  return (subject) =>
    withParts(fullState(subject, 1), {
      phone: { ...fullPhonePart, challenge: { ...fullPhonePart.challenge, ...fields } },
    })
}

/** Rows that must each read exactly as written. */
const samples: readonly (readonly [what: string, make: (subject: string) => SubjectState])[] = [
  ['a row with every field set', (subject) => fullState(subject, 1)],
  ['a row with every field empty', (subject) => bareState(subject, 1)],
  ['a challenge with a hosted code', phoneWith({ code: { owner: 'hosted', ref: 'VE1' } })],
  [
    'a challenge with a hosted code that has not started',
    phoneWith({ code: { owner: 'hosted', ref: null } }),
  ],
  ['a challenge without a delivery report', phoneWith({ receipt: null })],
  [
    'a challenge with a delivered message',
    phoneWith({ receipt: { ref: 'SM1', status: 'delivered', reason: null } }),
  ],
  [
    'a phone without a challenge',
    (subject) => withParts(fullState(subject, 1), { phone: { ...fullPhonePart, challenge: null } }),
  ],
  [
    'an app, recovery codes and a trusted device',
    (subject) => withParts(bareState(subject, 1), { ...heldParts }),
  ],
  [
    'removed factors, and the record that remains',
    (subject) =>
      withParts(bareState(subject, 1), {
        totp: {},
        recovery: { held: false, set: null, ticket: null },
        enrolment: { ...heldParts.enrolment, isClosed: true },
        devices: { list: [] },
      }),
  ],
  [
    'an enrolled factor that the store does not know',
    (subject) => withParts(bareState(subject, 1), { another: unknownPart }),
  ],
  [
    'a grant and factors with the fields of a later release',
    (subject) => {
      const state = fullState(subject, 1)
      const later = { later: [1, { is: null }] }
      return withParts(
        { ...state, grants: state.grants.map((grant) => ({ ...grant, ...later })) },
        {
          phone: {
            ...{ ...fullPhonePart, ...later, held: true, sealedBy: 'a secret' },
            challenge: { ...fullPhonePart.challenge, ...later },
          },
          another: { ...unknownPart, ...later },
        },
      )
    },
  ],
  [
    'the hard stop',
    (subject) => ({
      ...bareState(subject, 1),
      failures: 100,
      lock: { tier: 'disabled', until: null },
    }),
  ],
  [
    'a lock tier that outlasts its lock',
    (subject) => ({ ...bareState(subject, 1), failures: 41, lock: { tier: 4, until: null } }),
  ],
  [
    'a subject in many scripts',
    (subject) => fullState(`${subject} Ünïcödé 用户 пользователь 🔑👩‍👩‍👧 '"\\%_$1?:x`, 1),
  ],
  ['the greatest version', (subject) => fullState(subject, Number.MAX_SAFE_INTEGER - 1)],
]

export const stateCases: readonly ContractCase[] = [
  {
    title: 'a subject that was never written reads as null',
    async run(store) {
      assert.equal(await store.read(freshSubject('absent')), null)
    },
  },
  ...samples.map(
    ([what, make]) =>
      ({
        title: `${what} reads as written, after an insert and after a swap`,
        async run(store) {
          const state = make(freshSubject('sample'))
          const { subject } = state
          assert.equal(await store.compareAndSwap(subject, null, state), true)
          assert.deepEqual(await store.read(subject), state)

          const other = { ...fullState(subject, state.version), failures: 1 }
          assert.equal(await store.compareAndSwap(subject, state.version, other), true)
          const back = { ...state, version: state.version + 1 }
          assert.equal(await store.compareAndSwap(subject, state.version, back), true)
          assert.deepEqual(await store.read(subject), back)
        },
      }) satisfies ContractCase,
  ),
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
  ...lookalikes.map(
    ([why, one, other]) =>
      ({
        title: `subjects that differ only in ${why} are different users`,
        async run(store) {
          const prefix = freshSubject('')
          const [left, right] = [`${prefix}${one}`, `${prefix}${other}`]
          const state = fullState(left, 1)
          assert.equal(await store.compareAndSwap(left, null, state), true)
          assert.equal(await store.read(right), null)
          assert.equal(await store.compareAndSwap(right, 1, bareState(right, 2)), false)
          assert.equal(await store.compareAndSwap(right, null, bareState(right, 1)), true)
          assert.deepEqual(await store.read(left), state)
          await store.delete(right)
          assert.deepEqual(await store.read(left), state)
        },
      }) satisfies ContractCase,
  ),
  {
    title: 'a write for one subject changes no other',
    async run(store) {
      const subjects = ['a', 'b', 'c'].map(freshSubject)
      for (const subject of subjects) {
        await store.compareAndSwap(subject, null, bareState(subject, 1))
      }
      const [first = '', second = '', third = ''] = subjects
      await store.compareAndSwap(first, 1, fullState(first, 2))
      await store.delete(third)
      assert.deepEqual(await store.read(second), bareState(second, 1))
    },
  },
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
