/** The operators' program, command by command, as a process on a real database. */

import { readFileSync, writeFileSync } from 'node:fs'

import { Sequelize } from 'sequelize'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { run as runWords } from '../../src/cli/run.js'
import { commandsHere } from '../support/command-here.js'
import { openCommandLine, type CommandLine } from '../support/command-line.js'
import { openHeadless } from '../support/headless.js'

const secret = 'Hq3xV0pZ7bNw1LkT9sRj2mYc8fUe5dGa'

/** An application's own configuration, with its users, a database in a file, and a log of events. */
const config = `
import { appendFileSync } from 'node:fs'
import { Sequelize } from 'sequelize'
import { Umzug } from 'umzug'
import { consoleSender, createSecondFactor, memoryCounts } from 'passport-second-factor'
import { migrations, sequelizeAudit, sequelizeStore } from 'passport-second-factor/sequelize'

export default (options = {}) => {
  const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'state.sqlite', logging: false })
  const store = sequelizeStore({ sequelize })
  const users = [{ id: 42, phone: '+237671234567' }]
  const secret = '${secret}'
  const audit = sequelizeAudit({ sequelize })
  const secondFactor = createSecondFactor({
    secret, store, audit, sender: consoleSender({ print: () => undefined }),
    users: { id: (user) => user.id, phone: (user) => user.phone },
    policy: { lockAfterFailures: 2 },
    events: { emit: (event) => appendFileSync('events.log', JSON.stringify(event) + '\\n') },
    ...options,
  })
  return {
    secondFactor, counts: memoryCounts(), options: { secret, store, audit },
    findUser: (id) => users.find((user) => String(user.id) === id),
    migrations: new Umzug({ migrations, context: sequelize.getQueryInterface(), logger: undefined }),
    session: { secret: 'keyboard cat', cookie: { secure: true, sameSite: 'lax' }, store: {}, saveUninitialized: false },
    app: { get: () => 1 },
    close: () => sequelize.close(),
  }
}
`

/** The same, with a lock brought about first. */
const lockedFirst = `
import open from './second-factor.config.mjs'
const config = open()
const user = config.findUser('42')
await config.secondFactor.start(user)
await config.secondFactor.verify(user, '000000')
await config.secondFactor.verify(user, '000000')
export default config
`

/** The same, with rows and counts of sixty days ago. */
const oldFirst = `
import open from './second-factor.config.mjs'
const past = Date.now() - 60 * 86_400_000
const config = open({ clock: () => past })
await config.secondFactor.start({ id: 77, phone: '+237671234577' })
await config.secondFactor.start({ id: 78, phone: '+237671234578' })
const bucket = Math.floor(past / 600_000)
await config.counts.add(['~~', 'p:+23767123', 'p:+23767124'].map((counter) =>
  ({ counter, bucket, units: 1, keepUntil: bucket + 156 })))
const now = Math.floor(Date.now() / 600_000)
await config.options.audit.append([{ id: '0'.repeat(26), at: new Date(0), type: 'passed', subject: '77',
  actor: null, reason: null, outcome: null, details: {} }])
await config.counts.add([{ counter: '~~', bucket: now, units: 1, keepUntil: now + 156 }])
export default config
`

let line: CommandLine
beforeAll(() => {
  line = openCommandLine(config)
})
afterAll(() => {
  line.close()
})

/** Runs a command that needs no configuration, in this process. */
async function withoutConfig(words: readonly string[]) {
  const out: string[] = []
  const streams = { out: (text: string) => out.push(text), error: (text: string) => out.push(text) }
  return { code: await runWords(words, streams), out: out.join('\n') }
}

const why = ['--by', 'maria', '--reason', 'ticket 4711', '--yes']

describe('the program', () => {
  test('lists pending migrations with exit code 1, creates the tables, and then has nothing to do', async () => {
    const before = await line.run(['migrate', '--check'])
    expect(before.code).toBe(1)
    expect(before.out).toMatch(
      /^pending {2}passport-second-factor-0001-create-second_factor_states$/m,
    )
    const made = await line.run(['migrate'])
    expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^done {2}/)])
    const after = await line.run(['migrate', '--check'])
    expect([after.code, after.out]).toEqual([0, 'nothing is pending\n'])
  })

  test('shows a lock and ends it, with actor and reason in the event', async () => {
    writeFileSync(`${line.folder}/locked.mjs`, lockedFirst)
    const locked = await line.run(['status', '42', '--config', 'locked.mjs'])
    expect(locked.error).toBe('')
    expect(locked.out).toMatch(/^lock {7}until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/m)
    expect(locked.out).toMatch(/^failures {3}2 in a row$/m)
    const unlocked = await line.run(['unlock', '42', ...why])
    expect(unlocked.code).toBe(0)
    expect(unlocked.out).toMatch(/^unlocked 42: 2 failures cleared, lock \(until .+\) ended$/m)
    expect(await line.json(['status', '42'])).toMatchObject({
      user: '42',
      locked: false,
      failures: 0,
    })
    const events = readFileSync(`${line.folder}/events.log`, 'utf8')
    expect(events).toContain('"scope":"attempts","actor":"maria","reason":"ticket 4711"')
    const { code, out } = await line.run(['history', '42'])
    expect(code).toBe(0)
    expect(out.split('\n')[0]).toMatch(/UTC {2}reset +scope attempts, by maria: ticket 4711$/)
    expect(out).toMatch(/ locked +failures 2, until /)
  })

  test.each(['reset', 'revoke'])(
    '%s succeeds and prints actor and reason as JSON',
    async (command) => {
      expect(await line.json([command, '42', ...why])).toMatchObject({
        ...{ user: '42', done: command, actor: 'maria', reason: 'ticket 4711' },
      })
    },
  )

  test('prunes old rows and prints how many', async () => {
    writeFileSync(`${line.folder}/old.mjs`, oldFirst)
    const pruned = await line.run(['prune', '--older-than', '1h', '--config', 'old.mjs'])
    expect([pruned.code, pruned.error]).toEqual([0, ''])
    expect(pruned.out).toBe('removed 2 rows, 3 counts and 1 audit entries\n')
    const { code, out } = await line.run(['prune', '--older-than', '1h'])
    expect([code, out]).toEqual([0, 'removed 0 rows, 0 counts and 0 audit entries\n'])
  })

  test.each(['postgres', 'mysql', 'mariadb', 'sqlite'])(
    'prints SQL for %s that creates the tables',
    async (dialect) => {
      const { code, out } = await withoutConfig(['schema', dialect])
      expect(code).toBe(0)
      for (const name of ['states', 'counts', 'audit']) {
        const table = `second_factor_${name}`
        expect(out).toMatch(new RegExp(`CREATE TABLE IF NOT EXISTS .${table}. \\(`))
      }
      // No collation that the server does not have.
      expect(out).not.toContain('undefined')
    },
  )

  test('prints SQL that SQLite runs, leaving no migration pending', async () => {
    const { out } = await line.run(['schema', 'sqlite'])
    const database = new Sequelize({ dialect: 'sqlite', storage: ':memory:', logging: false })
    try {
      for (const statement of out.trim().split('\n')) await database.query(statement)
      expect([...(await database.getQueryInterface().showAllTables())].sort()).toEqual([
        'second_factor_audit',
        'second_factor_counts',
        'second_factor_states',
      ])
    } finally {
      await database.close()
    }
  })

  test('generates a new secret each time, without any configuration', async () => {
    const [one, two] = [await line.run(['new-secret']), await withoutConfig(['new-secret'])]
    expect(one.out).toMatch(/^[\w-]{43}\n$/)
    expect(one.out.trim()).not.toBe(two.out)
  })

  test('identifies secrets by their ids and never prints one', async () => {
    const { code, out } = await line.run(['secrets'])
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^[\da-f]{12} {2}issues and verifies {2}needed by \d codes/m),
    ])
    expect(out).not.toContain(secret)
  })

  test('finds nothing wrong with a correct application', async () => {
    const { code, out } = await line.run(['doctor'])
    expect(out).toMatch(/^ok {4}store: responds in \d+ ms$/m)
    expect(out).toMatch(/^0 failed, \d warnings$/m)
    expect(code).toBe(0)
    expect(out).not.toContain(secret)
  })

  test('prints help for all commands and for one', async () => {
    const all = await line.run(['help'])
    expect([all.code, all.out]).toEqual([
      0,
      expect.stringMatching(/^unlock {8}Ends a user's lock/m),
    ])
    const one = await withoutConfig(['unlock', '--help'])
    expect(one.out).toMatch(/^usage: passport-second-factor unlock <user> \[--by <name>\]/)
  })
})

describe('the program refuses', () => {
  const { secondFactor } = openHeadless()
  const run = commandsHere({ secondFactor, findUser: () => null })

  test.each([
    ['a command that does not exist', ['explode'], 2, 'there is no command explode; try help'],
    ['no operand', ['status'], 2, 'usage: passport-second-factor status <user>'],
    ['an option that does not exist', ['status', '42', '--force'], 2, 'usage: '],
    ['to unlock without saying who asks', ['unlock', '42', '--reason', 'x'], 2, 'give --by'],
    ['to revoke without a reason', ['revoke', '42', '--by', 'maria'], 2, 'give --reason'],
    [
      'SQL for a database that it does not know',
      ['schema', 'oracle'],
      2,
      'must be one of postgres',
    ],
    ['an age that is none', ['prune', '--older-than', 'soon'], 2, '--older-than takes'],
    ['a phone that is none', ['status', 'tel:1'], 2, 'cannot be the id of a user'],
    ['a user that there is not', ['status', '43'], 1, 'there is no user "43"'],
    [
      'a configuration that there is not',
      ['status', '42', '--config', 'x.mjs'],
      3,
      'x.mjs does not exist',
    ],
  ])('%s', async (_title, words, code, message) => {
    const ran = await run(words)
    expect([ran.code, ran.out]).toEqual([code, ''])
    expect(ran.error).toContain(message)
    const asJson = await run([...words, '--json'])
    expect(asJson.code).toBe(code)
    expect(JSON.parse(asJson.out)).toMatchObject({
      error: { message: expect.any(String) as string },
    })
  })

  test('a folder without a configuration, or a configuration without a second factor', async () => {
    const bare = openCommandLine(null)
    const wrong = openCommandLine('export default { nothing: 1 }')
    const thrown = openCommandLine('throw new TypeError("DATABASE_URL is missing")')
    const refused = openCommandLine('throw new Error("postgres://root:hunter2@db refused")')
    try {
      const runs = await Promise.all(
        [bare, wrong, thrown, refused].map((each) => each.run(['doctor'])),
      )
      expect(runs.map(({ code }) => code)).toEqual([3, 3, 3, 3])
      const errors = runs.map(({ error }) => error)
      expect(errors[0]).toContain('name your configuration with --config')
      expect(errors[1]).toContain('must export by default { secondFactor, … }')
      expect(errors[2]).toContain('TypeError: DATABASE_URL is missing')
      expect(errors[3]).toContain('Error: postgres://•••@db refused')
      expect(errors[3]).not.toContain('hunter2')
    } finally {
      for (const each of [bare, wrong, thrown, refused]) each.close()
    }
  })

  test('a failing migration, with exit code 3, the source of the error, and how to see its text', async () => {
    const failing = openCommandLine(`
      class MigrationError extends Error { name = 'MigrationError' }
      const fail = () => Promise.reject(new MigrationError('postgres://root:hunter2@db refused'))
      export default { secondFactor: { status: () => undefined },
        migrations: { pending: fail, up: fail } }`)
    try {
      const { code, out, error } = await failing.run(['migrate'])
      expect([code, out]).toEqual([3, ''])
      expect(error).toContain('something in the configuration threw MigrationError')
      expect(error).toContain('run that part from the application to see it')
      expect(error).not.toContain('hunter2')
    } finally {
      failing.close()
    }
  })

  test('to act while the store is down, with exit code 3 and without the store’s error text', async () => {
    const away = openCommandLine(`
      import { consoleSender, createSecondFactor } from 'passport-second-factor'
      const fail = () => Promise.reject(new Error('postgres://root:hunter2@db refused'))
      export default { secondFactor: createSecondFactor({
        secret: '${secret}', sender: consoleSender(), users: { id: (user) => user.id, phone: () => null },
        store: { read: fail, compareAndSwap: fail, delete: fail },
      }) }`)
    try {
      const { code, out, error } = await away.run(['unlock', '42', ...why])
      expect([code, out]).toEqual([3, ''])
      expect(error).toContain('store_unavailable: the store failed')
      expect(error).not.toContain('hunter2')
      const checked = await away.run(['doctor'])
      expect(checked.code).toBe(1)
      expect(checked.out).toMatch(/^fail {2}store: cannot be read/m)
    } finally {
      away.close()
    }
  })
})

describe('a person who names a factor with terminal sequences', () => {
  test('neither moves the operator’s cursor nor hides a line', async () => {
    const hostile = openCommandLine(`
      const name = '\\u001b[2J\\u001b]0;owned\\u0007 app \\u202e\\r\\n lock  none'
      const factor = { id: 'f1', kind: 'totp', name, addedAt: 0, usedAt: null, usable: true }
      const status = { challenge: null, failures: 9, locked: true, lockedUntil: null }
      export default { secondFactor: { status: async () => status, listFactors: async () => [factor] } }`)
    try {
      const { out } = await hostile.run(['status', '42'])
      expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      expect(out.trimEnd().split('\n')).toHaveLength(5)
    } finally {
      hostile.close()
    }
  })
})
