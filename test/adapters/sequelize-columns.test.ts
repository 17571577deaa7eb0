/**
 * Each column belongs to exactly one field, operators can read theirs, and columns of later releases are left alone.
 */

import { QueryTypes } from 'sequelize'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { columns, readColumns, type ColumnDefinition } from '../../src/adapters/sql/columns.js'
import { dialectOf } from '../../src/adapters/sequelize/instance.js'
import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import { StoreUnavailableError } from '../../src/core/errors.js'
import { noLock, type SubjectState } from '../../src/core/state.js'
import {
  bareState,
  baseAt,
  freshSubject,
  fullPhonePart,
  fullState,
  unknownPart,
  withParts,
} from '../../src/testing/contract-fixtures.js'
import { replacedAt } from '../core/damage.js'
import { wrongCode } from '../support/codes.js'
import { dropTables, openSequelize, sqlDatabases } from '../support/databases.js'
import { phoneFlows } from '../support/phone-in-process.js'
import { phoneOf, rowOf } from '../support/rows.js'

const tableName = 'sf_columns'

const hosted = (subject: string) =>
  withParts(fullState(subject, 1), {
    another: unknownPart,
    phone: {
      ...fullPhonePart,
      challenge: { ...fullPhonePart.challenge, code: { owner: 'hosted', ref: 'VE1' } },
    },
  })

const sealed = { held: true, sealedBy: unknownPart.sealedBy, other: 'part' }

/** Columns whose value in the table is not the one in the row, or that only some rows set. */
const special: Readonly<
  Record<
    string,
    {
      readonly before: (subject: string) => SubjectState
      readonly set: string | boolean
      readonly after: (row: SubjectState) => SubjectState
    }
  >
> = {
  lock_disabled: {
    before: (subject) => ({ ...fullState(subject, 1), lock: noLock }),
    set: true,
    after: (row) => ({ ...row, lock: { tier: 'disabled', until: null } }),
  },
  grants: {
    before: (subject) => fullState(subject, 1),
    set: '[]',
    after: (row) => ({ ...row, grants: [] }),
  },
  factors: {
    before: (subject) => fullState(subject, 1),
    set: JSON.stringify({ another: sealed }),
    after: (row) => withParts(row, { phone: fullPhonePart, another: sealed }),
  },
  hosted_ref: {
    before: hosted,
    set: 'VE2',
    after: (row) => replacedAt(row, refPath, 'VE2') as SubjectState,
  },
}

const refPath = ['factors', 'phone', 'challenge', 'code', 'ref']

for (const database of await sqlDatabases()) {
  describe(`columns on ${database.name}`, () => {
    const sequelize = openSequelize(database)
    const store = sequelizeStore({ sequelize, tableName })
    const { writeInstant } = dialectOf(sequelize)

    beforeAll(async () => {
      await dropTables(sequelize, tableName)
      await store.sync()
      // A later release may add one.
      await sequelize.query(`ALTER TABLE ${tableName} ADD COLUMN later VARCHAR(20) NULL`)
    })
    afterAll(async () => {
      await dropTables(sequelize, tableName)
      await sequelize.close()
    })

    /** The values in the table, but for those that tell one row from another. */
    async function valuesOf(subject: string): Promise<Record<string, unknown>> {
      const [values] = await sequelize.query<Record<string, unknown>>(
        `SELECT * FROM ${tableName} WHERE subject = $1`,
        { type: QueryTypes.SELECT, bind: [subject] },
      )
      const { subject: _subject, ...others } = values ?? {}
      return others
    }

    async function set(subject: string, column: string, value: unknown): Promise<void> {
      const bind = [value, subject]
      await sequelize.query(`UPDATE ${tableName} SET ${column} = $1 WHERE subject = $2`, { bind })
    }

    /** A row, another value for one of its columns, and the row that it has to make of this one. */
    function changeOf({ column, path, type }: ColumnDefinition) {
      const subject = freshSubject(column)
      const known = special[column]
      if (known !== undefined) {
        const row = known.before(subject)
        return { row, value: known.set, expected: known.after(row) }
      }
      const row = fullState(subject, 2)
      const before = path.reduce<unknown>((value, name) => Reflect.get(Object(value), name), row)
      const isInstant = type.holds === 'instant'
      const after = type.holds === 'string' ? 'changed' : Number(before) + (isInstant ? 1 : -1)
      const value = isInstant ? writeInstant(Number(after)) : after
      return { row, value, expected: replacedAt(row, path, after) as SubjectState }
    }

    const single = readColumns.filter(({ column }) => column !== 'code_owner')
    test.each(single)('$column is read into its own field and written from it', async (column) => {
      const { row, value, expected } = changeOf(column)
      const { subject } = row
      await store.compareAndSwap(subject, null, row)
      await set(subject, column.column, value)
      const read = await store.read(subject)
      expect(read).toEqual(expected)
      expect(read).not.toEqual(row)

      const [inserted, swapped] = [freshSubject('inserted'), freshSubject('swapped')]
      await store.compareAndSwap(inserted, null, { ...expected, subject: inserted })
      await store.compareAndSwap(swapped, null, bareState(swapped, 1))
      await store.compareAndSwap(swapped, 1, { ...expected, subject: swapped })
      for (const each of [inserted, swapped]) {
        expect(await valuesOf(each)).toEqual(await valuesOf(subject))
      }
    })

    test('code_owner decides which of the other two columns is read and written', async () => {
      const subject = freshSubject('owner')
      await store.compareAndSwap(subject, null, fullState(subject, 1))
      await sequelize.query(
        `UPDATE ${tableName} SET code_owner = 'hosted', key_id = NULL, hosted_ref = 'VE1' WHERE subject = $1`,
        { bind: [subject] },
      )
      expect(await store.read(subject)).toEqual(hosted(subject))
      const written = freshSubject('written')
      await store.compareAndSwap(written, null, hosted(written))
      expect(await valuesOf(written)).toEqual(await valuesOf(subject))
      await store.compareAndSwap(written, 1, fullState(written, 2))
      expect(await valuesOf(written)).toMatchObject({
        ...{ code_owner: 'local', hosted_ref: null },
        key_id: fullPhonePart.challenge.code.keyId,
      })
    })

    test('for missing fields are NULL, and NULL again once a field is removed', async () => {
      const subject = freshSubject('gone')
      await store.compareAndSwap(subject, null, fullState(subject, 1))
      await store.compareAndSwap(subject, 1, bareState(subject, 2))
      const values = await valuesOf(subject)
      for (const { column, isRequired } of columns) {
        expect([column, values[column] === null]).toEqual([column, !isRequired])
      }
    })

    test('factor_kinds and sealed_by show what is enrolled and which secret seals it', async () => {
      const subject = freshSubject('enrolled')
      const facts = async () => {
        const { factor_kinds: kinds, sealed_by: seals } = await valuesOf(subject)
        return [kinds, seals]
      }
      const parts = {
        phone: fullPhonePart,
        totp: { held: true, sealedBy: 'first' },
        passkeys: { held: true },
        codes: { held: false, sealedBy: 'second' },
        devices: { sealedBy: 'first' },
      }
      await store.compareAndSwap(subject, null, withParts(bareState(subject, 1), parts))
      expect(await facts()).toEqual(['totp,passkeys', 'first,second'])
      // Whoever writes there by hand decides nothing, and the next write puts it right.
      await set(subject, 'factor_kinds', 'none')
      expect(Object.keys((await rowOf(store, subject)).factors)).toEqual(
        expect.arrayContaining(Object.keys(parts)),
      )
      const { passkeys } = parts
      await store.compareAndSwap(subject, 1, withParts(bareState(subject, 2), { passkeys }))
      expect(await facts()).toEqual(['passkeys', null])
      await store.compareAndSwap(subject, 2, bareState(subject, 3))
      expect(await facts()).toEqual([null, null])
    })

    test('hold as many factors and seals as anybody can have, and more than 64 kB', async () => {
      const subject = freshSubject('many')
      const parts = Array.from({ length: 60 }, (_, index) => [
        `a factor of somebody else's, number ${index}`,
        { held: true, sealedBy: `secret ${index}`, data: '🔑'.repeat(400) },
      ])
      const row = withParts(
        bareState(subject, 1),
        Object.fromEntries(parts) as Record<string, object>,
      )
      expect(await store.compareAndSwap(subject, null, row)).toBe(true)
      expect(await store.read(subject)).toEqual(row)
    })

    test('of operators and of later releases keep their content through every write', async () => {
      const flows = phoneFlows(store)
      const subject = freshSubject('by hand')
      await flows.start(subject)
      await set(subject, 'factors_due_at', writeInstant(baseAt))
      await set(subject, 'later', 'kept')
      const { factors_due_at: dueAt } = await valuesOf(subject)
      expect(dueAt).not.toBe(null)
      const [code = ''] = flows.sent
      expect(await flows.guess(subject, wrongCode(code))).toBe('code_incorrect')
      expect(await flows.guess(subject, code)).toBe('passed')
      expect(await valuesOf(subject)).toMatchObject({ factors_due_at: dueAt, later: 'kept' })
    })

    test('of JSON keep fields of a later release through every write', async () => {
      const flows = phoneFlows(store)
      const subject = freshSubject('later')
      await flows.start(subject)
      const [grant] = fullState(subject, 1).grants
      const later = { later: { kept: true } }
      await set(subject, 'grants', JSON.stringify([{ ...grant, ...later }]))
      await set(
        subject,
        'factors',
        JSON.stringify({ phone: later, another: { ...unknownPart, ...later } }),
      )
      const [code = ''] = flows.sent
      expect(await flows.guess(subject, wrongCode(code))).toBe('code_incorrect')
      expect(await flows.guess(subject, code)).toBe('passed')
      const row = await rowOf(store, subject)
      expect(row.grants).toHaveLength(2)
      expect(row.grants[0]).toEqual({ ...grant, ...later })
      expect(row.factors['phone']).toMatchObject(later)
      expect(row.factors['another']).toEqual({ ...unknownPart, ...later })
    })

    test.each([
      ['grants', 'no JSON'],
      ['grants', '{}'],
      ['factors', 'no JSON'],
      ['factors', '[]'],
    ])('whose %s are %s cause a fault, and no guess is judged', async (column, value) => {
      const flows = phoneFlows(store)
      const subject = freshSubject('damaged')
      await flows.start(subject)
      const before = await valuesOf(subject)
      await set(subject, column, value)
      await expect(store.read(subject)).rejects.toThrow(`the field ${column} of`)
      const [code = ''] = flows.sent
      await expect(flows.guess(subject, code)).rejects.toThrow(StoreUnavailableError)
      await set(subject, column, before[column])
      expect(phoneOf(await rowOf(store, subject)).challenge?.attempts).toBe(0)
    })

    // Only SQLite takes any value in any column.
    test
      .skipIf(database.name !== 'SQLite')
      .each(readColumns.filter(({ type: { holds } }) => !['string', 'json'].includes(holds)))(
      'whose $column holds what is none are a fault',
      async ({ column, path }) => {
        const subject = freshSubject('damaged')
        await store.compareAndSwap(subject, null, fullState(subject, 1))
        await sequelize.query('PRAGMA ignore_check_constraints = ON')
        await set(subject, column, 'none').finally(() =>
          sequelize.query('PRAGMA ignore_check_constraints = OFF'),
        )
        const read = rowOf(store, subject).then(phoneOf)
        const field = column === 'lock_disabled' ? 'lock' : path.join('.')
        await expect(read).rejects.toThrow(`the field ${field} of`)
      },
    )
  })
}
