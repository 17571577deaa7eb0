/** Two processes of the example share their state: a request can go to either. */

import { beforeAll, describe, expect, test } from 'vitest'

import { afterTests } from '../support/after-tests.js'
import {
  newDatabase,
  phones,
  inboxOf,
  startExample,
  verify,
  type Environment,
  type Example,
} from '../support/example.js'
import { together, wrongCodes } from '../support/in-or-out.js'
import { hasRedisServer, startRedis } from '../support/redis-servers.js'
import { scratchDatabases } from '../support/scratch-databases.js'

/** The databases that the two processes share, and the environment that names each. */
const shared: (readonly [name: string, environment: () => Promise<Environment>])[] = (
  await scratchDatabases()
).map(({ name, url }) => [name, () => Promise.resolve({ DATABASE_URL: url })])
if (hasRedisServer()) {
  shared.push([
    'Redis',
    async () => {
      const redis = await startRedis()
      afterTests(() => redis.close())
      return { DATABASE_URL: newDatabase(), REDIS_URL: redis.url }
    },
  ])
}

for (const [name, environment] of shared) {
  describe(`two processes on ${name}`, () => {
    let examples: readonly [Example, Example]
    beforeAll(async () => {
      const env = await environment()
      // Together, on a database without a table: both make the tables and the users.
      examples = await Promise.all([startExample(env), startExample(env)])
    })
    const each = (index: number) => examples[index % 2] ?? examples[0]

    test('serve one journey, with requests alternating between them', async () => {
      const [first, second] = examples
      const alice = await first.login('alice')
      const closed = await second.copyOf(alice).get('/account')
      expect(closed.json).toMatchObject({ code: 'second_factor_required' })
      const status = await second.copyOf(alice).get('/second-factor/')
      expect(status.json).toMatchObject({ challenge: { attemptsLeft: 5 } })
      const there = second.copyOf(alice)
      expect((await verify(there, await first.codeFor(phones.alice))).status).toBe(200)
      const here = first.copyOf(there)
      expect((await here.get('/account')).json).toEqual({ user: { username: 'alice' } })
      expect((await second.copyOf(here).post('/logout')).status).toBe(204)
      expect((await first.copyOf(here).get('/account')).status).toBe(401)
    })

    test('judge exactly the budget out of a hundred parallel guesses', async () => {
      const [first] = examples
      const bob = await first.login('bob')
      const code = await first.codeFor(phones.bob)
      const guesses = wrongCodes(code, 100)
      const answers = await together(100, async (index) => {
        return (await verify(each(index).copyOf(bob), guesses[index] ?? '')).json['code']
      })
      const count = (wanted: string) => answers.filter((answer) => answer === wanted).length
      expect(count('code_incorrect')).toBe(5)
      expect(count('attempts_exhausted') + count('store_unavailable')).toBe(95)
      expect((await verify(each(1).copyOf(bob), code)).json).toMatchObject({
        code: 'attempts_exhausted',
      })
    })

    test('send one message for twenty logins at once', async () => {
      await together(20, (index) => each(index).login('dave'))
      const messages = await Promise.all(examples.map(({ url }) => inboxOf(url, phones.dave)))
      expect(messages.flat()).toHaveLength(1)
    })

    test('create one user for a name that both register at once', async () => {
      const fields = { username: 'erin', password: 'new-password', phone: '+33612345678' }
      const answers = await together(10, (index) => each(index).browser().post('/register', fields))
      expect(answers.map(({ status }) => status).sort()).toEqual([
        200,
        ...Array<number>(9).fill(409),
      ])
    })

    test('continue when one of them is killed', async () => {
      const [first, second] = examples
      const carol = await first.login('carol')
      await first.stop('SIGKILL')
      expect((await second.copyOf(carol).get('/profile')).json).toEqual({
        user: { username: 'carol' },
      })
    })
  })
}
