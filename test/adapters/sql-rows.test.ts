/** A row that was damaged or edited by hand is refused: it must never read as unlimited guesses. */

import { describe, expect, test } from 'vitest'

import { columns, readColumns } from '../../src/adapters/sql/columns.js'
import { checkedDialect, readInstant } from '../../src/adapters/sql/dialect.js'
import { bindsOf, rowOf, type Row } from '../../src/adapters/sql/row-values.js'
import { StoreUnavailableError } from '../../src/core/errors.js'
import { defaultPolicy } from '../../src/core/policy.js'
import type { SubjectState } from '../../src/core/state.js'
import { findJudgeable } from '../../src/factors/phone/rules/challenge.js'
import { partOf } from '../../src/factors/phone/rules/part.js'
import {
  bareState,
  baseAt,
  fullPhonePart,
  fullState,
  unknownPart,
  withParts,
} from '../../src/testing/contract-fixtures.js'
import { notCounts, notStrings } from '../core/damage.js'

const dialects = (['sqlite', 'postgres', 'mysql'] as const).map((name) =>
  checkedDialect('a test', name),
)

/** The values of the columns of a row, as they would stand in a table. */
function valuesOf(state: SubjectState, dialect = dialects[0]): Row {
  if (dialect === undefined) throw new Error('there is no dialect')
  const binds = bindsOf(state, dialect)
  const pairs = columns.map(({ column }, index) => [column, binds[index]])
  return Object.fromEntries([['subject', state.subject], ...pairs]) as Row
}

/** The error of a user's whole row with other values in some columns, read by the store and then by the phone. */
function faultOf(damage: Row, state = fullState('alice', 1)): unknown {
  try {
    return partOf(rowOf({ ...valuesOf(state), ...damage }, 'alice'))
  } catch (error) {
    return error
  }
}

function expectFault(damage: Row, field: string, state?: SubjectState): void {
  const error = faultOf(damage, state)
  expect(error, JSON.stringify(damage)).toBeInstanceOf(StoreUnavailableError)
  expect(String(error), JSON.stringify(damage)).toContain(`the field ${field} of`)
}

const withoutPhone = withParts(fullState('alice', 1), { another: unknownPart })
const withoutOthers = withParts(fullState('alice', 1), { phone: fullPhonePart })

describe('a row', () => {
  test.each(dialects)('with $name reads back as written', (dialect) => {
    const hosted = { ...fullPhonePart.challenge, code: { owner: 'hosted', ref: 'VE1' } }
    for (const state of [
      ...[fullState('alice', 7), bareState('alice', 7), withoutPhone, withoutOthers],
      withParts(fullState('alice', 1), { phone: { ...fullPhonePart, challenge: hosted } }),
      withParts(fullState('alice', 1), { phone: { ...fullPhonePart, challenge: null } }),
    ]) {
      expect(rowOf(valuesOf(state, dialect), 'alice')).toEqual(state)
    }
  })

  test('without a phone has none, rather than one that was never sent a code', () => {
    expect(rowOf(valuesOf(bareState('alice', 1)), 'alice').factors).toEqual({})
  })

  test('keeps fields that have no columns: of a grant, of another factor, and of the phone at any depth', () => {
    const [grant] = fullState('alice', 1).grants
    const later = { later: [1, { is: null }], none: null }
    const { challenge, sends } = fullPhonePart
    const state = withParts(
      { ...fullState('alice', 1), grants: [{ ...grant, ...later } as NonNullable<typeof grant>] },
      {
        another: { ...unknownPart, ...later },
        phone: {
          ...{ ...later, held: true, sealedBy: 'a secret', holders: [] },
          sends: { ...sends, ...later },
          challenge: {
            ...{ ...challenge, ...later, earlyReceipts: [challenge.receipt] },
            code: { ...challenge.code, ...later },
            receipt: { ...challenge.receipt, ...later },
          },
        },
      },
    )
    const values = valuesOf(state)
    expect(rowOf(values, 'alice')).toEqual(state)
    expect(values['factor_kinds']).toBe('another,phone')
    // Gone with the object that they were in.
    const ended = withParts(state, { phone: { ...state.factors['phone'], challenge: null } })
    expect(rowOf(valuesOf(ended), 'alice')).toEqual(ended)
    const stale = { ...valuesOf(ended), factors: values['factors'] }
    expect(rowOf(stale, 'alice').factors['phone']).toEqual(ended.factors['phone'])
  })

  test('has no extra JSON if its columns hold everything', () => {
    expect(valuesOf(withoutOthers)['factors']).toBe(null)
    const blank = { ...fullPhonePart, holders: undefined }
    expect(valuesOf(withParts(withoutOthers, { phone: blank }))['factors']).toBe(null)
    const ended = { ...fullPhonePart, challenge: null }
    expect(valuesOf(withParts(withoutOthers, { phone: ended }))['factors']).toBe(null)
  })

  test('keeps the part of a custom factor named phone', () => {
    const state = withParts(bareState('alice', 1), { phone: { held: true, extension: 12 } })
    expect(rowOf(valuesOf(state), 'alice')).toEqual(state)
  })

  test('keeps factors named like built-in object properties', () => {
    const factors = JSON.parse('{"__proto__":{"held":true},"constructor":{"a":1}}') as object
    const state = { ...bareState('alice', 1), factors: factors as SubjectState['factors'] }
    const read = rowOf(valuesOf(state), 'alice').factors
    expect(Object.entries(read)).toEqual(Object.entries(factors))
  })

  test('of another subject is refused', () => {
    expect(() => rowOf(valuesOf(fullState('Alice', 1)), 'alice')).toThrow(StoreUnavailableError)
  })

  const counters = readColumns.filter(({ type: { holds } }) => /count/i.test(holds))
  test('has twelve counters', () => {
    expect(counters).toHaveLength(12)
  })
  test.each(counters)('with an impossible $column is refused', ({ column, path }) => {
    const many = ['-1', '', 'many', '1e9', -Infinity]
    for (const value of [...notCounts, ...many]) {
      // Where these are NULL, a row has no phone, and its challenge fails.
      if (column === 'send_count' && value === null) continue
      expectFault({ [column]: value }, path.join('.'))
    }
  })

  const strings = readColumns.filter(({ type: { holds } }) => holds === 'string')
  const mayBeNull = ['challenge_id', 'session_key', 'message_ref', 'delivery_reason', 'hosted_ref']
  test.each(strings)('whose $column is not a string is refused', ({ column, path }) => {
    const state =
      column === 'hosted_ref'
        ? withParts(fullState('alice', 1), {
            phone: {
              ...fullPhonePart,
              challenge: { ...fullPhonePart.challenge, code: { owner: 'hosted', ref: 'VE1' } },
            },
          })
        : fullState('alice', 1)
    for (const value of notStrings) {
      if (value === null && mayBeNull.includes(column)) continue
      // The other shape of a code is the one that the error names.
      const field = column === 'hosted_ref' ? 'factors.phone.challenge.code.owner' : path.join('.')
      expectFault({ [column]: value }, field, state)
    }
  })

  test.each([
    ['purpose', 'sign-up', 'factors.phone.challenge.purpose'],
    ['code_owner', 'nobody', 'factors.phone.challenge.code.owner'],
    ['channel', 'pigeon', 'factors.phone.challenge.channel'],
    ['delivery', 'lost', 'factors.phone.challenge.receipt.status'],
    ['delivery_reason', 'weather', 'factors.phone.challenge.receipt.reason'],
  ])('whose %s is %j is refused', (column, value, field) => {
    expectFault({ [column]: value }, field)
  })

  test('with a budget of no guesses judges none', () => {
    const row = rowOf({ ...valuesOf(fullState('alice', 1)), attempts: 0, max_attempts: 0 }, 'alice')
    const attempt = { purpose: 'enrolment', sessionKey: undefined } as const
    const found = findJudgeable(row, baseAt + 2, defaultPolicy, attempt)
    expect(found).toMatchObject({ code: 'attempts_exhausted' })
  })

  const instants = readColumns.filter(({ type: { holds } }) => holds === 'instant')
  const notInstants = ['', 'soon', 'never', 'infinity', '0000-00-00 00:00:00', new Date(NaN), 7]
  test.each(instants)(
    'whose $column is not a timestamp is refused',
    ({ column, path, isRequired }) => {
      for (const value of [undefined, ...notInstants]) {
        expectFault({ [column]: value }, path.join('.'))
      }
      const isOfChallenge = ['issued_at', 'expires_at'].includes(column)
      if (isRequired || isOfChallenge) expectFault({ [column]: null }, path.join('.'))
    },
  )

  test('whose hard stop is neither on nor off is refused', () => {
    for (const value of [null, undefined, 2, -1, '', '0', '1', 'yes', 'f', []]) {
      expectFault({ lock_disabled: value }, 'lock')
    }
  })

  test('whose grants are invalid is refused, and never read as having none', () => {
    for (const value of ['', 'null', '{}', '5', '"[]"', '{"a":', null, undefined, []]) {
      expectFault({ grants: value }, 'grants')
    }
    for (const value of ['[null]', '[[]]', '["id"]']) expectFault({ grants: value }, 'grants[0]')
    for (const value of ['[{}]', '[{"id":1}]']) expectFault({ grants: value }, 'grants[0].id')
    const undated = JSON.stringify([{ ...fullState('', 1).grants[0], expiresAt: null }])
    expectFault({ grants: undated }, 'grants[0].expiresAt')
  })

  test('whose factors are not an object is refused, because they may be enrolments', () => {
    for (const state of [fullState('alice', 1), bareState('alice', 1)]) {
      for (const value of ['', 'null', '[]', '[{}]', '5', 'true', '"a"', '{"a":', undefined, {}]) {
        expectFault({ factors: value }, 'factors', state)
      }
      for (const value of ['{"totp":null}', '{"totp":[]}', '{"totp":"held"}']) {
        expectFault({ factors: value }, 'factors.totp', state)
      }
      expectFault({ factors: '{"totp":{"held":1}}' }, 'factors.totp.held', state)
      expectFault({ factors: '{"totp":{"sealedBy":1}}' }, 'factors.totp.sealedBy', state)
    }
    expectFault({ factors: '{"phone":["no","part"]}' }, 'factors.phone')
    expectFault({ factors: '{"phone":{"challenge":"no"}}' }, 'factors.phone.challenge')
  })

  test('has only the columns tested above', () => {
    const known = [...counters, ...strings, ...instants].map(({ column }) => column)
    const others = readColumns.map(({ column }) => column).filter((each) => !known.includes(each))
    expect(others).toEqual(['lock_disabled', 'grants', 'factors'])
  })

  test('takes the phone from its columns, not from the extra JSON', () => {
    const challenge = { attempts: 0, maxAttempts: 1_000, code: { keyId: 'another' }, receipt: {} }
    const smuggled = JSON.stringify({ phone: { challenge, sends: { count: 0, nextAt: null } } })
    const values = { ...valuesOf(fullState('alice', 1)), factors: smuggled }
    expect(rowOf(values, 'alice').factors).toEqual({ phone: fullPhonePart })
  })

  test('names the field in its error, and none of its content', () => {
    const error = String(faultOf({ destination: 237671234567 }))
    expect(error).toContain('the field factors.phone.challenge.destination of')
    expect(error).not.toContain('671234567')
  })
})

test.each([
  ['2051-02-28 23:59:59.987 +00:00', '2051-02-28T23:59:59.987Z'],
  ['2051-02-28 23:59:59.987', '2051-02-28T23:59:59.987Z'],
  ['2051-02-28 23:59:59', '2051-02-28T23:59:59.000Z'],
  ['2051-02-28T23:59:59.987Z', '2051-02-28T23:59:59.987Z'],
  ['2051-03-01 05:44:59.987+05:45', '2051-02-28T23:59:59.987Z'],
  ['2051-02-28 22:59:59.987-01', '2051-02-28T23:59:59.987Z'],
])('%s is %s, whatever the time zone of the process', (written, instant) => {
  expect(new Date(readInstant(written)).toISOString()).toBe(instant)
})
