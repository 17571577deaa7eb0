/** The table's CHECK constraints refuse a row that the store would never write, whoever writes it. */

import { QueryTypes, type DatabaseError } from 'sequelize'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import type { SubjectState } from '../../src/core/state.js'
import {
  bareState,
  fullPhonePart,
  fullState,
  withParts,
} from '../../src/testing/contract-fixtures.js'
import { dropTables, openSequelize, sqlDatabases } from '../support/databases.js'

const tableName = 'sf_checks'

const withPhone = (fields: object): SubjectState =>
  withParts(fullState('checked', 1), { phone: { ...fullPhonePart, ...fields } })

const hostedChallenge = { ...fullPhonePart.challenge, code: { owner: 'hosted', ref: 'VE1' } }

/** Rows of every kind that the store writes. */
const kinds = {
  'a row of a code of ours': fullState('checked', 1),
  "a row of a vendor's code": withPhone({ challenge: hostedChallenge }),
  "a row of a vendor's code without its id yet": withPhone({
    challenge: { ...hostedChallenge, code: { owner: 'hosted', ref: null } },
  }),
  'a row without a receipt': withPhone({
    challenge: { ...fullPhonePart.challenge, receipt: null },
  }),
  'a row without a challenge': withPhone({ challenge: null }),
  'a row without a phone': bareState('checked', 1),
} as const satisfies Record<string, SubjectState>

type Kind = keyof typeof kinds

const ledgerCounts = ['send_count', 'send_rung', 'send_window_count', 'send_answered_count']

/** Changes that a check has to refuse: what, the row, the SQL, and the checks that it breaks. */
const refused: readonly (readonly [what: string, row: Kind, change: string, by: RegExp])[] = [
  [
    'a budget of no guesses',
    'a row of a code of ours',
    'max_attempts = 0, attempts = 0',
    /checks_max_attempts_check/,
  ],
  [
    'a budget below none',
    'a row of a code of ours',
    'max_attempts = -1, attempts = -2',
    /attempts/,
  ],
  [
    'a negative count of guesses',
    'a row of a code of ours',
    'attempts = -1',
    /checks_attempts_check/,
  ],
  [
    'more guesses than the budget',
    'a row of a code of ours',
    'attempts = 6',
    /checks_attempts_check/,
  ],
  [
    'more guesses than a vendor’s budget',
    "a row of a vendor's code",
    'attempts = 6',
    /checks_attempts_check/,
  ],

  ...[
    ...['challenge_id', 'purpose', 'code_owner', 'channel', 'destination', 'challenge_epoch'],
    ...['issued_at', 'expires_at', 'attempts', 'max_attempts', 'challenge_sends'],
  ].map(
    (column) =>
      [
        `a challenge without its ${column}`,
        'a row without a receipt',
        // A code's own column would break another check too.
        column === 'code_owner' ? 'code_owner = NULL, key_id = NULL' : `${column} = NULL`,
        /_challenge_check/,
      ] as const,
  ),
  [
    "a vendor's challenge without a phone",
    "a row of a vendor's code",
    'destination = NULL',
    /_challenge_check/,
  ],
  [
    'a phone without a challenge',
    'a row without a challenge',
    "destination = '+1'",
    /_challenge_check/,
  ],
  [
    'guesses without a challenge',
    'a row without a phone',
    'attempts = 0, max_attempts = 5',
    /_challenge_check/,
  ],

  ['a code of ours without its key', 'a row of a code of ours', 'key_id = NULL', /_code_check/],
  [
    "a code of ours with a vendor's id",
    'a row of a code of ours',
    "hosted_ref = 'VE1'",
    /_code_check/,
  ],
  [
    "a code of ours with only a vendor's id",
    'a row of a code of ours',
    "key_id = NULL, hosted_ref = 'VE1'",
    /_code_check/,
  ],
  ["a vendor's code with a key", "a row of a vendor's code", "key_id = '01'", /_code_check/],
  [
    "a vendor's code that became ours",
    "a row of a vendor's code",
    "code_owner = 'local'",
    /_code_check/,
  ],
  [
    "a vendor's code that became ours with a key",
    "a row of a vendor's code",
    "code_owner = 'local', key_id = '01'",
    /_code_check/,
  ],
  ['a code of nobody', 'a row of a code of ours', "code_owner = 'nobody'", /_code_check/],
  ['a key without a challenge', 'a row without a challenge', "key_id = '01'", /_code_check/],
  [
    "a vendor's id without a challenge",
    'a row without a phone',
    "hosted_ref = 'VE1'",
    /_code_check/,
  ],

  [
    'a receipt without its message',
    'a row of a code of ours',
    'message_ref = NULL',
    /_receipt_check/,
  ],
  ['a receipt without its status', 'a row of a code of ours', 'delivery = NULL', /_receipt_check/],
  ['a status of no message', 'a row without a receipt', "delivery = 'sent'", /_receipt_check/],
  [
    'a reason of no message',
    'a row without a receipt',
    "delivery_reason = 'blocked'",
    /_receipt_check/,
  ],
  [
    'a receipt without a challenge',
    'a row without a challenge',
    "message_ref = 'SM1', delivery = 'sent'",
    /_receipt_check/,
  ],

  [
    "a challenge without the phone's ledger",
    'a row of a code of ours',
    'send_count = NULL, send_rung = NULL, send_window_count = NULL, send_answered_count = NULL, ' +
      'last_send_at = NULL, next_send_at = NULL, send_reset_at = NULL, send_window_started_at = NULL',
    /_challenge_ledger_check/,
  ],
  ...ledgerCounts.map(
    (column) =>
      [
        `a ledger without its ${column}`,
        'a row without a challenge',
        `${column} = NULL`,
        /checks_ledger_check/,
      ] as const,
  ),
  ...ledgerCounts.map(
    (column) =>
      [
        `a ledger of only ${column}`,
        'a row without a phone',
        `${column} = 1`,
        /checks_ledger_check/,
      ] as const,
  ),
  ...['last_send_at', 'next_send_at', 'send_reset_at', 'send_window_started_at'].map(
    (column) =>
      [
        `${column} of no ledger`,
        'a row without a phone',
        `${column} = updated_at`,
        /checks_ledger_check/,
      ] as const,
  ),

  ...[...ledgerCounts, 'challenge_sends', 'challenge_epoch'].map(
    (column) =>
      [
        `a negative ${column}`,
        'a row of a code of ours',
        `${column} = -1`,
        /_sends_check/,
      ] as const,
  ),
  [
    'a session key without a challenge',
    'a row without a challenge',
    "session_key = 'x'",
    /_session_key_check/,
  ],
  ['negative failures', 'a row without a phone', 'failures = -1', /_failures_check/],
  ['a negative lock', 'a row without a phone', 'lock_tier = -1', /_lock_check/],
  ['a negative epoch', 'a row without a phone', 'epoch = -1', /_epoch_check/],

  ...['version', 'failures', 'lock_disabled', 'lock_tier', 'epoch', 'grants', 'updated_at'].map(
    (column) => [`no ${column}`, 'a row without a phone', `${column} = NULL`, /null/i] as const,
  ),
]

for (const database of await sqlDatabases()) {
  describe(`the table on ${database.name}`, () => {
    const sequelize = openSequelize(database)
    const store = sequelizeStore({ sequelize, tableName })

    beforeAll(async () => {
      await dropTables(sequelize, tableName)
      await store.sync()
    })
    beforeEach(() => store.delete('checked'))
    afterAll(async () => {
      await dropTables(sequelize, tableName)
      await sequelize.close()
    })

    test.each(Object.keys(kinds) as Kind[])('accepts %s', async (kind) => {
      expect(await store.compareAndSwap('checked', null, kinds[kind])).toBe(true)
      expect(await store.read('checked')).toEqual(kinds[kind])
    })

    test.each(refused)('refuses %s, in %s', async (_what, kind, change, by) => {
      await store.compareAndSwap('checked', null, kinds[kind])
      const changed = sequelize.query(`UPDATE ${tableName} SET ${change}`).then(
        () => 'changed',
        // Sequelize calls every such fault of SQLite a UniqueConstraintError: only the driver says which.
        (error: unknown) => String((error as DatabaseError).parent),
      )
      expect(await changed).toMatch(by)
      expect(await store.read('checked')).toEqual(kinds[kind])
    })

    test('refuses a second row for one subject', async () => {
      await store.compareAndSwap('checked', null, kinds['a row of a code of ours'])
      const copy = sequelize.query(`INSERT INTO ${tableName} SELECT * FROM ${tableName}`)
      await expect(copy).rejects.toThrow()
      const sql = `SELECT count(*) AS n FROM ${tableName}`
      const [counted] = await sequelize.query<{ n: unknown }>(sql, { type: QueryTypes.SELECT })
      expect(Number(counted?.n)).toBe(1)
    })

    test('has only the checks that are tested here', async () => {
      const definition = {
        SQLite: `SELECT sql FROM sqlite_master WHERE name = '${tableName}'`,
        MariaDB: `SHOW CREATE TABLE ${tableName}`,
        PostgreSQL:
          "SELECT string_agg(conname, ' ') FROM pg_constraint " +
          `WHERE conrelid = '${tableName}'::regclass AND contype = 'c'`,
      }[database.name]
      const [made = {}] = await sequelize.query<object>(definition, { type: QueryTypes.SELECT })
      const sql = Object.values(made).join(' ')
      const checks = [...sql.matchAll(new RegExp(`${tableName}_\\w+_check\\b`, 'g'))].flat()
      expect(checks).toHaveLength(12)
      const untried = checks.filter((name) => !refused.some(([, , , by]) => by.test(name)))
      expect(untried).toEqual([])
    })
  })
}
