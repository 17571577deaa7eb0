/** Application clocks: with fractions, wrong for one request, or not a clock at all. */

import { afterAll, describe, expect, test } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import { ConfigurationError } from '../../src/core/errors.js'
import { memoryStore, type SecondFactorOptions, type StateStore } from '../../src/index.js'
import { wrongCode } from '../support/codes.js'
import { day, hour, minute, second } from '../support/clock.js'
import { dropTables, openSequelize, sqlDatabases } from '../support/databases.js'
import { job, openHeadless, type Headless } from '../support/headless.js'
import { rowOf } from '../support/rows.js'

const year = 365 * day

describe('a clock that jumped ahead for one request', () => {
  const codeOf = (answer: object) => ('code' in answer ? answer.code : 'sent')

  test.each([year, 40 * day, 2 * day, 90 * minute])(
    'by %d ms stops the user’s messages for no longer than the longest wait',
    async (leap) => {
      const headless = openHeadless()
      const { secondFactor, alice } = headless
      headless.now += leap
      expect(codeOf(await secondFactor.start(alice))).toBe('sent')
      headless.now -= leap
      expect(await secondFactor.start(alice)).toMatchObject({
        code: 'cooldown',
        retryAt: headless.at(600),
      })
      expect((await secondFactor.status(alice)).nextSendAt).toEqual(headless.at(600))
      headless.now += 300 * second
      expect(await secondFactor.start(alice)).toMatchObject({
        code: 'cooldown',
        retryAt: headless.at(300),
      })
      headless.now += 300 * second
      expect(codeOf(await secondFactor.start(alice))).toBe('sent')
      const code = headless.codes().at(-1) ?? ''
      expect(await secondFactor.verify(alice, code)).toMatchObject({ status: 'passed' })
    },
  )

  test('allows nobody more than the daily limit of messages', async () => {
    const headless = openHeadless({ policy: { sendsPerDay: 3, resendLadderSeconds: [1] } })
    const { secondFactor, alice } = headless
    const send = async () => {
      headless.now += 2 * second
      return codeOf(await secondFactor.start(alice))
    }
    headless.now += year
    expect([await send(), await send(), await send(), await send()]).toEqual([
      ...['sent', 'sent', 'sent'],
      'send_limit',
    ])
    headless.now -= year
    expect(await send()).toBe('send_limit')
    headless.now += 23 * hour
    expect(await send()).toBe('send_limit')
    headless.now += 2 * hour
    expect(await send()).toBe('sent')
  })

  test('that the vendor refused costs the user only the short wait', async () => {
    let isDown = true
    const headless = openHeadless({
      sender: {
        channel: 'sms',
        send: () =>
          Promise.resolve(
            isDown ? { status: 'rejected', reason: 'unavailable' } : { status: 'sent' },
          ),
      },
    })
    const { secondFactor } = headless
    headless.now += year
    expect(codeOf(await secondFactor.start(job()))).toBe('delivery_unavailable')
    headless.now -= year
    isDown = false
    await secondFactor.start(job())
    headless.now += 600 * second
    expect(codeOf(await secondFactor.start(job()))).toBe('sent')
  })

  test('keeps its locks', async () => {
    const headless = openHeadless({ policy: { lockAfterFailures: 1 } })
    const { secondFactor, alice } = headless
    headless.now += year
    await secondFactor.start(alice)
    await secondFactor.verify(alice, wrongCode(headless.codes()[0] ?? ''))
    headless.now -= year
    expect(await secondFactor.start(alice)).toMatchObject({ code: 'locked_out' })
  })
})

describe('a clock with fractions of a millisecond', () => {
  /** Wrong and right codes, a lock, a reset, a grant that ends: whatever writes the row. */
  async function live(headless: Headless): Promise<void> {
    const { secondFactor } = headless
    const somebody = job('fractions')
    const tick = (milliseconds: number) => (headless.now += milliseconds + 0.123_456_7)
    await secondFactor.forget(somebody)
    for (let round = 0; round < 2; round += 1) {
      tick(day)
      expect(await secondFactor.start(somebody)).toMatchObject({ status: 'pending' })
      tick(700)
      const code = headless.codes().at(-1) ?? ''
      expect(await secondFactor.verify(somebody, wrongCode(code))).toMatchObject({
        code: 'code_incorrect',
      })
      tick(31 * second)
      expect(await secondFactor.start(somebody)).toMatchObject({ status: 'pending' })
      tick(1)
      expect(await secondFactor.verify(somebody, code)).toMatchObject({ status: 'passed' })
      expect((await secondFactor.status(somebody)).failures).toBe(0)
      const { updatedAt } = await rowOf(headless.store, 'fractions')
      expect(updatedAt).toBe(Math.floor(updatedAt))
      await secondFactor.reset(somebody)
    }
  }
  const open = (store: StateStore) => {
    const headless = openHeadless({ store })
    headless.now += 0.7
    return headless
  }

  test('leaves every row readable in memory', () => live(open(memoryStore())))

  describe('in a database', async () => {
    for (const database of await sqlDatabases()) {
      const sequelize = openSequelize(database)
      const tableName = 'sf_clocks'
      afterAll(async () => {
        await dropTables(sequelize, tableName)
        await sequelize.close()
      })

      test(`leaves every row readable on ${database.name}`, async () => {
        const store = sequelizeStore({ sequelize, tableName })
        await store.sync()
        await live(open(store))
      })
    }
  })
})

describe('an invalid clock', () => {
  test.each([
    ['a Date', new Date()],
    ['a text', '1764547200000'],
    ['nothing', undefined],
    ['NaN', Number.NaN],
    ['no instant of a Date', 1e17],
    ['nanoseconds', 1_764_547_200_000_000_000n],
  ])('that returns %s is reported, and nobody passes', async (_what, now) => {
    const clock = (() => now) as SecondFactorOptions<Express.User>['clock']
    const { secondFactor, alice } = openHeadless({ clock })
    const error: unknown = await secondFactor.start(alice).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error).toMatchObject({ option: 'clock' })
  })
})
