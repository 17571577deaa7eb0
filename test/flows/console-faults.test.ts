/** Without an event sink, faults go to the console. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import { StoreUnavailableError } from '../../src/core/errors.js'
import { memoryStore, type SecondFactorOptions } from '../../src/index.js'
import { second } from '../support/clock.js'
import { startTestApp, type TestApp, type TestUser } from '../support/app.js'
import { openSequelize, sqlDatabases, type Database } from '../support/databases.js'
import { openHeadless } from '../support/headless.js'

const [sqlite] = (await sqlDatabases()) as [Database]
const lines: string[] = []
beforeEach(() => {
  lines.length = 0
  vi.spyOn(console, 'error').mockImplementation((...printed: unknown[]) => {
    lines.push(printed.join(' '))
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('an application without an event sink', () => {
  let app: TestApp
  afterEach(() => app.close())
  const open = async (options: Partial<SecondFactorOptions<TestUser>>) =>
    (app = await startTestApp({ secondFactor: { events: undefined, ...options } }))

  test('reports missing migrations once a minute, for all users together', async () => {
    const sequelize = openSequelize(sqlite)
    await open({ store: sequelizeStore({ sequelize }) })
    for (const name of ['alice', 'bob', 'alice']) {
      const browser = await app.login(name)
      expect((await browser.get('/second-factor/')).status).toBe(503)
    }
    expect(lines).toEqual([
      expect.stringMatching(/^\[second factor\] store_unavailable: .*run the migrations/),
    ])
    app.clock.advance(59)
    await app.login('bob')
    expect(lines).toHaveLength(1)
    app.clock.advance(2)
    await app.login('bob')
    expect(lines).toHaveLength(2)
    await sequelize.close()
  })

  test('reports each kind of fault, without its cause', async () => {
    let fault: () => Promise<never> = () => Promise.reject(new Error('the password is hunter2'))
    const store = memoryStore()
    await open({ store: { ...store, read: () => fault() } })
    await app.login('alice')
    fault = () => Promise.reject(new StoreUnavailableError('the disk is full'))
    await app.login('alice')
    expect(lines).toEqual([
      '[second factor] store_unavailable: the store failed',
      '[second factor] store_unavailable: the disk is full',
    ])
  })

  test('reports which callback failed', async () => {
    await open({
      users: {
        id: (user) => user.id,
        phone: () => {
          throw new Error('+237671234567')
        },
      },
    })
    await app.login('alice')
    expect(lines).toEqual(['[second factor] directory_unavailable: users.phone failed'])
  })

  test('reports why the vendor refuses the account, naming no person', async () => {
    await open({
      sender: {
        channel: 'sms',
        send: () => Promise.resolve({ status: 'operator_fault', reason: 'Twilio 20003' }),
      },
    })
    await app.login('alice')
    await app.login('bob')
    expect(lines).toEqual([
      expect.stringMatching(/^\[second factor\] delivery_failed: Twilio 20003; check the sender/),
    ])
  })

  test('reports once what to configure if a user has no phone and cannot add one', async () => {
    await open({ users: { id: (user) => user.id, phone: (user) => user.phone } })
    for (let day = 0; day < 3; day += 1) {
      await app.login('carol')
      app.clock.advance(86_400)
    }
    expect(lines).toEqual([
      expect.stringMatching(/without a phone .*users\.setVerifiedPhone.*users\.isRequired/),
    ])
  })

  test('prints nothing during normal operation', async () => {
    await open({
      sender: {
        channel: 'sms',
        send: ({ to }) =>
          Promise.resolve(
            to.startsWith('+237')
              ? { status: 'sent', reference: 'SM1' }
              : { status: 'rejected', reason: 'destination_blocked' },
          ),
      },
    })
    const alice = await app.login('alice')
    await alice.post('/second-factor/verify', { code: '000000' })
    await alice.post('/logout')
    await app.login('bob')
    await app.login('carol')
    expect(lines).toEqual([])
  })
})

test('an application with a sink gets the event for a user who can add no phone, and prints nothing', async () => {
  const headless = openHeadless({ users: { id: ({ id }) => id, phone: () => '' } })
  for (let times = 0; times < 2; times += 1) {
    headless.now += 60 * second
    await headless.secondFactor.start(headless.alice)
  }
  const mistakes = headless.events.filter(({ type }) => type === 'set_up_mistake')
  expect(mistakes).toMatchObject([{ option: 'users.setVerifiedPhone' }])
  expect(lines).toEqual([])
})
