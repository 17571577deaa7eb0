/** The table of counts does not grow for ever: what nobody needs any more goes while messages are sent. */

import { afterAll, expect, test } from 'vitest'

import { sequelizeCounts } from '../../../../src/adapters/sequelize/index.js'
import { newId } from '../../../../src/core/random.js'
import { begin, guess } from '../../../flows/rig.js'
import { openSequelize, sqlDatabases } from '../../../support/databases.js'
import { openLimited, phoneInRow } from '../../../support/limited-rig.js'
import { cameroon, india } from '../../../support/phones.js'

/** Milliseconds of a bucket. */
const bucket = 600_000

/** The buckets for which rows are kept: those of a day's limit, of a week's, and of the outcomes by country. */
const kept = { day: 156, week: 1_152, outcomes: 15 * 144 + 156 }

/** Phones that an attacker sends to on each of the first days, and the last of these days. */
const attacked = 20
const lastAttack = 7 * 144

const people = [cameroon, india]
const [sqlite] = await sqlDatabases()
const sequelize = openSequelize(sqlite ?? { name: 'SQLite', url: 'sqlite::memory:' })
afterAll(() => sequelize.close())

/**
 * A phone that signs in has a row in each of the last 156 buckets, and so have each country and everything that the
 * application limits together. Outcomes are two more rows for each country, of messages and of right codes, and are kept
 * for the fifteen days that the rule `unverified` looks back, and a day more. That is the most: phones, accounts, networks
 * and prefixes that come and go leave nothing behind.
 */
const perCountry = 2 * kept.outcomes + kept.day
const shared = 2 * kept.day
const ofPeople = people.length * kept.day
const most = people.length * perCountry + shared + ofPeople

test('weeks of messages leave no more rows than the last fifteen days need', async () => {
  const counts = sequelizeCounts({ sequelize })
  await counts.sync()
  const price = { '*': 0.01 }
  const rig = openLimited(
    {
      // The judgements of `unverified` are not this test's matter, and read fifteen days each.
      counts: { ...counts, series: () => Promise.resolve([]) },
      rules: {
        ...{ phone: { perDay: 1_000 }, country: { perDay: 1_000 } },
        application: { perDay: 10_000, newShare: 1 },
        spend: { perDay: 1_000, currency: 'USD', price, newShare: 1 },
      },
    },
    { policy: { standards: 'relaxed' } },
  )
  const signIn = async (destination: string) => {
    const subject = newId()
    const sessionKey = await begin(rig, { subject, destination, phoneClass: 'stated' })
    const code = rig.messages.findLast(({ to }) => to === destination)?.code ?? ''
    const prepared = { destination: { number: destination, verified: true, phoneClass: 'stated' } }
    await guess(rig, { subject, sessionKey, code, prepared })
  }
  const rows = async (names = '*') => {
    const sql = `SELECT count(*) AS n FROM second_factor_counts WHERE counter GLOB '${names}'`
    const [found] = await sequelize.query(sql)
    return (found as readonly { readonly n: number }[])[0]?.n ?? 0
  }
  const attack = async (from: number) => {
    for (let n = from; n < from + attacked; n += 1) {
      await rig.send({ destination: phoneInRow(n * 10_007), clientIp: `198.51.100.${n % 250}` })
    }
  }

  for (let n = 0; n < kept.outcomes + 50; n += 1) {
    if (n % 144 === 0 && n <= lastAttack) await attack(n)
    await Promise.all(people.map(signIn))
    if (n === lastAttack + kept.week - 1) expect(await rows('n:*')).toBe(attacked)
    rig.now += bucket
  }
  await rig.phone.limits?.close()
  rig.now -= bucket
  const now = Math.floor(rig.now / bucket)

  // The flows have removed all but the last rows themselves.
  expect(await rows()).toBeLessThan(most + 500)
  while ((await counts.prune(now)) > 0);
  expect(await rows()).toBe(most)
  const [names] = await sequelize.query('SELECT DISTINCT counter FROM second_factor_counts')
  expect(names).toHaveLength(people.length * 4 + 2)

  // Once nobody sends, the last row goes after sixteen days.
  while ((await counts.prune(now + kept.outcomes - 1)) > 0);
  expect(await rows()).toBe(2 * people.length)
  while ((await counts.prune(now + kept.outcomes)) > 0);
  expect(await rows()).toBe(0)
}, 120_000)
