/** The doctor finds each mistake that it checks for, and changes nothing. */

import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import expressSession, { MemoryStore, type SessionOptions } from 'express-session'
import passport from 'passport'
import { Sequelize } from 'sequelize'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { textbeeSender } from '../../src/adapters/textbee/index.js'
import { twilioSender } from '../../src/adapters/twilio/index.js'
import {
  sequelizeAudit,
  sequelizeCounts,
  sequelizeStore,
  tuneSqlite,
} from '../../src/adapters/sequelize/index.js'
import {
  createSecondFactor,
  failoverSender,
  memoryAudit,
  memoryCounts,
  memoryStore,
  type CodeSender,
  type CommandLineConfig,
  type SecondFactorOptions,
} from '../../src/index.js'
import { commandsHere } from '../support/command-here.js'
import { openSequelize, sqlDatabases } from '../support/databases.js'
import { json, standInDevice, standInKey, startTextbee } from '../support/textbee-stand-in.js'
import { startTwilioStandIn } from '../support/twilio-stand-in.js'

const secret = 'Hq3xV0pZ7bNw1LkT9sRj2mYc8fUe5dGa'
const other = 'Zw8nQ2rT6yU1iO5pA9sD3fG7hJ4kL0xC'

type User = Express.User & { readonly id: number }

const sender: CodeSender = { channel: 'sms', send: () => Promise.resolve({ status: 'sent' }) }

const options: SecondFactorOptions<User> = {
  ...{ secret, sender, store: memoryStore(), audit: memoryAudit() },
  users: { id: ({ id }) => id, phone: () => ({ number: '+237671234567', verified: true }) },
  phone: { allowedCountries: ['CM'] },
  limits: { counts: memoryCounts() },
  events: { emit: () => undefined },
}

const session: SessionOptions = {
  ...{ secret: other, resave: false, saveUninitialized: false },
  cookie: { secure: true, sameSite: 'lax' },
  store: {} as never,
}

/** Runs doctor on a configuration that differs in these parts. */
async function doctor(
  parts: Partial<CommandLineConfig> = {},
  words: readonly string[] = [],
  differing: Partial<SecondFactorOptions<User>> = {},
) {
  const all = { ...options, ...differing }
  const run = commandsHere({
    secondFactor: createSecondFactor<User>(all),
    ...{ options: all, session, app: { get: () => 1 } },
    ...parts,
  })
  const ran = await run(['doctor', ...words])
  for (const each of [secret, other, '+237671234567']) expect(ran.out).not.toContain(each)
  return ran
}

beforeEach(() => {
  vi.stubEnv('NODE_ENV', 'production')
  vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('doctor finds', () => {
  const parts: Readonly<Record<string, readonly [Partial<CommandLineConfig> | object, RegExp]>> = {
    'a secret that is too short': [
      { secret: 'short' },
      /^fail {2}secret 1: has less than 32 bytes/m,
    ],
    'a secret that is a pattern': [
      { secret: 'abcabcabc'.repeat(8) },
      /^fail {2}secret 1: does not look random/m,
    ],
    'one secret for two purposes': [
      { session: { ...session, secret } },
      /^fail {2}secret 1: is also the session secret/m,
    ],
    'a cookie that travels in clear': [
      { session: { ...session, cookie: {} } },
      /^fail {2}cookie: secure is not set/m,
    ],
    'a cookie that scripts can read': [
      { session: { ...session, cookie: { httpOnly: false } } },
      /^fail {2}cookie: httpOnly is off/m,
    ],
    'a cookie that goes to other sites': [
      { session: { ...session, cookie: { secure: true } } },
      /^warn {2}cookie: sameSite is not set/m,
    ],
    'sessions in memory': [
      { session: { ...session, store: new MemoryStore() } },
      /^fail {2}session: is kept in memory/m,
    ],
    'sessions of strangers': [
      { session: { ...session, saveUninitialized: true } },
      /^warn {2}session: saveUninitialized is on/m,
    ],
    'an address that clients choose': [
      { app: { get: () => true } },
      /^fail {2}trust proxy: is true/m,
    ],
    'a proxy that Express does not know': [
      { app: { get: () => false } },
      /^warn {2}trust proxy: is off/m,
    ],
    'migrations that have not run': [
      {
        migrations: {
          pending: () => Promise.resolve([{ name: '0003' }]),
          up: () => Promise.resolve([]),
        },
      },
      /^fail {2}migrations: pending: 0003; run migrate/m,
    ],
    'nothing to look at': [
      { options: undefined },
      /^warn {2}options: not checked: give the options/m,
    ],
  }

  test.each(Object.entries(parts))('%s', async (_title, [broken, found]) => {
    expect((await doctor(broken)).out).toMatch(found)
  })

  const choices: Readonly<Record<string, readonly [Partial<SecondFactorOptions<User>>, RegExp]>> = {
    'messages to every country': [{ phone: {} }, /^warn {2}phone\.allowedCountries: not set/m],
    'no limits on what messages cost': [{ limits: undefined }, /^warn {2}limits: not set/m],
    'no audit log': [{ audit: undefined }, /^warn {2}audit: not set/m],
    'no log of events': [{ events: undefined }, /^warn {2}events: not set/m],
    'rows in memory': [{}, /^fail {2}store: is in memory/m],
    'rows that may be lost': [{}, /^warn {2}store: may lose rows/m],
    'an audit log that is down': [
      { audit: { ...memoryAudit(), read: () => Promise.reject(new Error('root:hunter2@db')) } },
      /^fail {2}audit: cannot be read: check its address/m,
    ],
  }

  test.each(Object.entries(choices))('%s', async (_title, [differing, found]) => {
    const { out } = await doctor({}, [], differing)
    expect(out).toMatch(found)
    expect(out).not.toContain('hunter2')
  })

  test('that NODE_ENV is not production, when Express shows stack traces', async () => {
    vi.stubEnv('NODE_ENV', '')
    expect((await doctor()).out).toMatch(/^warn {2}NODE_ENV: is not 'production'/m)
  })

  test('an old Node.js, and packages that are too old or missing', async () => {
    const { checkVersions } = await import('../../src/cli/checks/surroundings.js')
    const versions = vi.spyOn(process, 'versions', 'get')
    versions.mockReturnValue({ ...process.versions, node: '18.20.0' })
    const cwd = vi.spyOn(process, 'cwd').mockReturnValue('/')
    const found = checkVersions()
    cwd.mockRestore()
    versions.mockRestore()
    expect(found).toContainEqual({
      level: 'fail',
      about: 'node',
      text: '18.20.0; use ^20.19 or >=22.12',
    })
    expect(found).toContainEqual({ level: 'fail', about: 'express', text: 'is not installed' })
    expect(checkVersions().filter(({ level }) => level !== 'ok')).toEqual([])
    expect(checkVersions().map(({ about }) => about)).toContain('sequelize')
  })

  test('a phone returned as a bare string, and a user that does not exist', async () => {
    const users = { id: ({ id }: User) => id, phone: () => '+237671234567' }
    const findUser = (id: string) => (id === '1' ? { id: 1 } : null)
    const bare = await doctor({ findUser }, ['--user', '1'], { users })
    expect(bare.out).toMatch(/^warn {2}users\.phone: returns a bare string/m)
    const whole = await doctor({ findUser }, ['--user', '1'])
    expect(whole.out).toMatch(/^ok {4}users\.phone: returns \{ number, verified \}/m)
    const nobody = await doctor({ findUser }, ['--user', '2'])
    expect(nobody.out).toMatch(/^fail {2}users\.phone: not checked: there is no user "2"/m)
    const throwing = await doctor({ findUser }, ['--user', '1'], {
      users: { ...users, phone: () => Promise.reject(new Error('hunter2')) },
    })
    expect(throwing.out).toMatch(/^fail {2}users\.phone: threw/m)
  })
})

describe('doctor probes the application', () => {
  const mounted = (withSession: boolean, path = '/second-factor') => {
    const app = express()
    const secondFactor = createSecondFactor<User>(options)
    app.use(expressSession({ ...session, store: new MemoryStore() }))
    app.use(passport.initialize(), passport.session() as RequestHandler)
    if (withSession) app.use(secondFactor.session())
    app.use(path, secondFactor.router())
    app.use(((_error, _req, res, next) => {
      if (res.headersSent) next()
      else res.sendStatus(500)
    }) satisfies ErrorRequestHandler)
    return app
  }

  test('for its middleware order, without saving a session', async () => {
    const app = mounted(true)
    const set = vi.spyOn(MemoryStore.prototype, 'set')
    expect((await doctor({ app })).out).toMatch(
      /^ok {4}mounting: \/second-factor\/ asks for a login/m,
    )
    expect(set).not.toHaveBeenCalled()
  })

  test.each([
    ['the session missing', mounted(false), /^fail {2}mounting: .* fails with 500: mount/m],
    ['the router elsewhere', mounted(true, '/2fa'), /^fail {2}mounting: .* is not found/m],
    [
      'another answer in its place',
      express().use((_req, res) => void res.send('hello')),
      /^fail {2}mounting: .* returns 200 without a login/m,
    ],
  ])('and finds %s', async (_title, app, found) => {
    expect((await doctor({ app })).out).toMatch(found)
  })

  test('only if the request cannot save a session', async () => {
    const app = vi.fn()
    const { out } = await doctor({
      app: Object.assign(app, { get: () => 1 }),
      session: { ...session, saveUninitialized: true },
    })
    expect(out).toMatch(/^warn {2}mounting: not checked/m)
    expect(app).not.toHaveBeenCalled()
  })
})

describe('doctor looks at a database', async () => {
  for (const database of await sqlDatabases()) {
    test(`on ${database.name}, whose tables are missing or complete`, async () => {
      const dialectOptions = database.name === 'PostgreSQL' ? { query_timeout: 5_000 } : {}
      const sequelize = openSequelize(database, { dialectOptions })
      afterAll(() => sequelize.close())
      const [tableName, counts, audit] = ['sf_doctor', 'sf_doctor_counts', 'sf_doctor_audit']
      const parts = {
        store: sequelizeStore({ sequelize, tableName }),
        limits: { counts: sequelizeCounts({ sequelize, tableName: counts }) },
        audit: sequelizeAudit({ sequelize, tableName: audit }),
      }
      const drop = async () => {
        for (const each of [tableName, counts, audit]) {
          await sequelize.query(`DROP TABLE IF EXISTS ${each}`)
        }
      }
      await drop()
      const missing = await doctor({ database: sequelize }, [], parts)
      for (const name of ['store', 'counts', 'audit']) {
        expect(missing.out).toMatch(
          new RegExp(`^fail {2}${name}: cannot be read: .*run the migrations$`, 'm'),
        )
      }
      await Promise.all([parts.store.sync(), parts.limits.counts.sync(), parts.audit.sync()])
      const query = vi.spyOn(sequelize, 'query')
      const { out } = await doctor({ database: sequelize }, [], parts)
      for (const name of ['store', 'counts', 'audit']) {
        expect(out).toMatch(new RegExp(`^ok {4}${name}: responds in`, 'm'))
      }
      const asked = query.mock.calls.map(([sql]) => JSON.stringify(sql))
      expect(asked.filter((sql) => !/"(?:SELECT|PRAGMA)/.test(sql))).toEqual([])
      if (database.name === 'SQLite') expect(out).toMatch(/^ok {4}sqlite: writes are durable/m)
      else {
        expect(out).toMatch(/^ok {4}database clock: [\d.]+ s/m)
        expect(out).toMatch(/^ok {4}pool: 5 connections$/m)
        expect(out).not.toContain('query_timeout')
      }
      await drop()
    })
  }

  test('with a wrong clock, a small pool, or no connection', async () => {
    const database = (answer: () => Promise<unknown>) => ({
      ...{ getDialect: () => 'postgres', query: answer },
      options: { pool: { max: 1 } },
    })
    const wrong = await doctor({
      database: database(() => Promise.resolve([[{ now: String(Date.now() - 60_000) }], {}])),
    })
    expect(wrong.out).toMatch(
      /^fail {2}database clock: (?:59|60)(?:\.\d)? s behind this machine's/m,
    )
    expect(wrong.out).toMatch(/^warn {2}pool: one connection/m)
    expect(wrong.out).toMatch(/^warn {2}pool: no query_timeout/m)
    const away = await doctor({ database: database(() => Promise.reject(new Error('hunter2'))) })
    expect(away.out).toMatch(/^fail {2}database: cannot be queried/m)
    expect(away.out).not.toContain('hunter2')
  })

  test('on SQLite that may lose what is written', async () => {
    const [{ url } = { url: '' }] = await sqlDatabases()
    const sequelize = new Sequelize(url.replace('test.', 'untuned.'), { logging: false })
    await sequelize.query('PRAGMA synchronous = OFF')
    const { out } = await doctor({ database: sequelize })
    expect(out).toMatch(/^fail {2}sqlite: synchronous is OFF/m)
    expect(out).toMatch(/^warn {2}sqlite: journal_mode is not WAL/m)
    await sequelize.close()
    tuneSqlite(sequelize)
  })
})

describe('doctor looks at Redis', () => {
  const now = () => [String(Math.floor(Date.now() / 1_000)), '0']
  const redis =
    (policy: string, aof: string, role: string, time = now) =>
    ([command, section]: string[]) => {
      if (command === 'TIME') return Promise.resolve(time())
      const lines: Readonly<Record<string, string>> = {
        memory: `# Memory\r\nmaxmemory_policy:${policy}\r\n`,
        persistence: `# Persistence\r\naof_enabled:${aof}\r\n`,
        replication: `# Replication\r\nrole:${role}\r\n`,
      }
      return Promise.resolve(lines[section ?? ''])
    }

  test.each([
    [
      'that may drop rows',
      redis('allkeys-lru', '1', 'master'),
      /^fail {2}redis: maxmemory-policy is/m,
    ],
    [
      'that forgets in a crash',
      redis('noeviction', '0', 'master'),
      /^warn {2}redis: appendonly is/m,
    ],
    ['that is a replica', redis('noeviction', '1', 'slave'), /^fail {2}redis: this is a replica/m],
    [
      'whose clock is ahead',
      redis('noeviction', '1', 'master', () => [String(Date.now() / 1_000 + 90), '0']),
      /^fail {2}redis clock: \d+(?:\.\d)? s ahead of/m,
    ],
    [
      'that cannot be queried',
      () => Promise.reject(new Error('NOAUTH hunter2')),
      /^fail {2}redis: cannot be queried/m,
    ],
  ])('%s', async (_title, broken, found) => {
    const { out } = await doctor({ redis: broken })
    expect(out).toMatch(found)
    expect(out).not.toContain('hunter2')
  })

  test('and finds nothing wrong with one that does not evict', async () => {
    const { out } = await doctor({ redis: redis('noeviction', '1', 'master') })
    expect(out.match(/^ok {4}redis/gm)).toHaveLength(4)
  })
})

describe('doctor --online', () => {
  test('asks Twilio for the account and sends nothing', async () => {
    const twilio = await startTwilioStandIn()
    const closed = await startTwilioStandIn({ accountStatus: 'suspended' })
    try {
      const of = (stand: typeof twilio, authToken = stand.account.authToken) =>
        twilioSender({
          ...{ accountSid: stand.account.accountSid, authToken, from: '+14155550100' },
          baseUrl: stand.baseUrl,
        })
      const good = await doctor({}, ['--online'], { sender: of(twilio) })
      expect(good.out).toMatch(/^ok {4}sms: Twilio: the credentials are good/m)
      const wrong = await doctor({}, ['--online'], { sender: of(twilio, 'f'.repeat(32)) })
      expect(wrong.out).toMatch(/^fail {2}sms: Twilio did not return the account: .*20003/m)
      expect(wrong.out).not.toContain('f'.repeat(32))
      const suspended = await doctor({}, ['--online'], { sender: of(closed) })
      expect(suspended.out).toMatch(/^fail {2}sms: Twilio: the account is suspended$/m)
      const both = failoverSender([of(twilio), of(closed)])
      expect((await doctor({}, ['--online'], { sender: both })).out).toMatch(
        /^fail {2}sms: .*suspended/m,
      )
      await doctor({}, [], { sender: of(twilio) })
      expect(twilio.messages).toEqual([])
      expect(twilio.violations).toEqual([])
      // Without --online nobody was asked.
      expect(twilio.requests).toHaveLength(3)
    } finally {
      await Promise.all([twilio.close(), closed.close()])
    }
  })

  test('asks TextBee for the device', async () => {
    const textbee = await startTextbee()
    const online = (apiKey = standInKey) =>
      doctor({}, ['--online'], {
        sender: textbeeSender({ apiKey, deviceId: standInDevice, baseUrl: textbee.baseUrl }),
      })
    const device = (parts: object) => json(200, { data: [{ _id: standInDevice, ...parts }] })
    try {
      textbee.behave(device({ enabled: true, lastHeartbeat: new Date().toISOString() }))
      expect((await online()).out).toMatch(/^ok {4}sms: TextBee: the key is good/m)
      expect((await online('wrong')).out).toMatch(/^fail {2}sms: .*the key was refused/m)
      textbee.behave(device({ enabled: false }))
      expect((await online()).out).toMatch(/^fail {2}sms: TextBee: the device is switched off/m)
      textbee.behave(device({ enabled: true, lastHeartbeat: new Date(0).toISOString() }))
      expect((await online()).out).toMatch(/^fail {2}sms: .*has not been heard of/m)
      textbee.behave(json(200, { data: [] }))
      expect((await online()).out).toMatch(
        /^fail {2}sms: TextBee: this account has no such device/m,
      )
    } finally {
      await textbee.close()
    }
    expect((await online()).out).toMatch(/^fail {2}sms: TextBee does not answer/m)
  })

  test('says what it cannot check', async () => {
    expect((await doctor({}, ['--online'])).out).toMatch(/^warn {2}sms: its sender has no check/m)
  })
})
