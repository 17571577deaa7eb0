/** A row that was damaged, or edited by hand, is refused: it must never read as guesses without end. */

import { describe, expect, test } from 'vitest'

import { bindsOf, columns } from '../../src/adapters/sequelize/columns.js'
import { dialectOf, readInstant } from '../../src/adapters/sequelize/dialect.js'
import { stateOf, type Row } from '../../src/adapters/sequelize/rows.js'
import { StoreUnavailableError } from '../../src/core/errors.js'
import type { SubjectState } from '../../src/core/state.js'
import { bareState, fullState } from '../../src/testing/contract-fixtures.js'

const dialects = ['sqlite', 'postgres', 'mysql'].map((name) =>
  dialectOf({ getDialect: () => name }),
)

function rowOf(state: SubjectState, dialect = dialects[0]): Row {
  if (dialect === undefined) throw new Error('there is a dialect')
  const binds = bindsOf(state, dialect)
  const pairs = columns.map((column, index) => [column, binds[index]])
  return Object.fromEntries([['subject', state.subject], ...pairs]) as Row
}

describe('a row', () => {
  test.each(dialects)('of $name reads back as the state it was written from', (dialect) => {
    for (const state of [fullState('alice', 7), bareState('alice', 7)]) {
      expect(stateOf(rowOf(state, dialect), 'alice')).toEqual(state)
    }
  })

  test('of another subject is refused', () => {
    expect(() => stateOf(rowOf(fullState('Alice', 1)), 'alice')).toThrow(StoreUnavailableError)
  })

  const counters = [
    'version',
    'attempts',
    'max_attempts',
    'challenge_sends',
    'send_count',
    'send_rung',
    'send_window_count',
    'failures',
    'lock_tier',
    'epoch',
  ]
  const noCounts = [null, undefined, -1, '-1', 0.5, NaN, Infinity, '', 'many', '1e9', 2 ** 53, true]
  test.each(counters)('with an impossible %s is refused', (column) => {
    for (const value of noCounts) {
      expect(() => stateOf({ ...rowOf(fullState('alice', 1)), [column]: value }, 'alice')).toThrow(
        `the column ${column}`,
      )
    }
  })

  test('with a budget of no guesses is refused', () => {
    const row = { ...rowOf(fullState('alice', 1)), max_attempts: 0 }
    expect(() => stateOf(row, 'alice')).toThrow('the column max_attempts')
  })

  test.each(['issued_at', 'expires_at', 'updated_at'])('without its %s is refused', (column) => {
    for (const value of [null, '', 'soon', 'infinity', '0000-00-00 00:00:00', new Date(NaN)]) {
      expect(() => stateOf({ ...rowOf(fullState('alice', 1)), [column]: value }, 'alice')).toThrow(
        `the column ${column}`,
      )
    }
  })

  test('whose lock or wait ends at no instant is refused, not taken for unlocked', () => {
    for (const column of ['locked_until', 'next_send_at', 'send_window_started_at']) {
      for (const value of [undefined, '', 'never', 'infinity']) {
        const row = { ...rowOf(fullState('alice', 1)), [column]: value }
        expect(() => stateOf(row, 'alice')).toThrow(`the column ${column}`)
      }
    }
  })

  test('whose hard stop is neither on nor off is refused', () => {
    for (const value of [null, undefined, 2, 'yes']) {
      const row = { ...rowOf(fullState('alice', 1)), lock_disabled: value }
      expect(() => stateOf(row, 'alice')).toThrow('the column lock_disabled')
    }
  })

  test('whose grants are no grants is refused', () => {
    const grants = ['', 'null', '{}', '[null]', '[{}]', '[{"id":1}]', '{"a":', null]
    const undated = JSON.stringify([{ ...fullState('', 1).grants[0], expiresAt: null }])
    for (const value of [...grants, undated]) {
      const row = { ...rowOf(fullState('alice', 1)), grants: value }
      expect(() => stateOf(row, 'alice')).toThrow('the column grants')
    }
  })

  test('that knows a message and not how far it has come is refused', () => {
    for (const value of [null, undefined, 7]) {
      const row = { ...rowOf(fullState('alice', 1)), delivery: value }
      expect(() => stateOf(row, 'alice')).toThrow('the column delivery')
    }
  })

  test('says in its error which column it is, and nothing that is in it', () => {
    const row = { ...rowOf(fullState('alice', 1)), destination: 237671234567 }
    expect(() => stateOf(row, 'alice')).toThrow(/^(?!.*671234567)the column destination /)
  })
})

test.each([
  ['2051-02-28 23:59:59.987 +00:00', '2051-02-28T23:59:59.987Z'],
  ['2051-02-28 23:59:59.987', '2051-02-28T23:59:59.987Z'],
  ['2051-02-28 23:59:59', '2051-02-28T23:59:59.000Z'],
  ['2051-02-28T23:59:59.987Z', '2051-02-28T23:59:59.987Z'],
  ['2051-03-01 05:44:59.987+05:45', '2051-02-28T23:59:59.987Z'],
  ['2051-02-28 22:59:59.987-01', '2051-02-28T23:59:59.987Z'],
])('%s is %s, whatever the zone of the process', (written, instant) => {
  expect(new Date(readInstant(written)).toISOString()).toBe(instant)
})
