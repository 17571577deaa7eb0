/** The contract's cases about rows: they read as written, each under its own subject. */

import assert from 'node:assert/strict'

import type { SubjectState } from '../core/state.js'
import {
  bareState,
  freshSubject,
  fullPhonePart,
  fullState,
  heldParts,
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
]
