/**
 * The attacker registers an id that is nearly the victim's: the same digits as a string, a name that is special to
 * JavaScript or to a store, an id that becomes the same string as another. Ids that are not plain strings or numbers
 * must be refused, and different ids must never share a second factor.
 */

import session from 'express-session'
import { afterEach, describe, expect, test } from 'vitest'

import { memoryStore } from '../../src/index.js'
import { startTestApp, type TestApp, type TestAppOptions, type TestUser } from '../support/app.js'
import { isIn, passedBrowser, verify } from '../support/in-or-out.js'

let app: TestApp
afterEach(() => app.close())

/** An application in which Alice has the first of these ids and Bob the second. */
function withIds(
  alice: unknown,
  bob: unknown,
  { secondFactor, ...others }: TestAppOptions = {},
): Promise<TestApp> {
  return startTestApp({
    ...others,
    secondFactor: {
      ...secondFactor,
      grantCacheSeconds: 60,
      users: {
        id: (user: TestUser) => (user.id === 1 ? alice : bob) as string,
        phone: (user) => user.phone,
      },
    },
  })
}

const different: [string, () => [unknown, unknown]][] = [
  ['a leading zero', () => ['1', '01']],
  ['a fraction of nothing', () => ['1', '1.0']],
  ['a look-alike letter', () => ['1', 'l']],
  ['another case', () => ['alice', 'Alice']],
  ['another spelling of a letter', () => ['\u00df', 'ss']],
  ['another composition of a letter', () => ['\u00e9', 'e\u0301']],
  ['another script', () => ['a', '\u0430']],
  ['a separator', () => ['1', '1:grant']],
  ['names of JavaScript', () => ['__proto__', 'constructor']],
  ['names of methods', () => ['toString', 'hasOwnProperty']],
  ['wild cards of SQL', () => ['%', '_']],
  ['wild cards of Redis', () => ['*', '?']],
  ['quotes', () => ["' OR 1=1--", "'"]],
  ['large integers', () => [9007199254740993n, 9007199254740992n]],
  ['a sign', () => [1, -1]],
]

test.each(different)('ids that differ in %s share nothing', async (_what, ids) => {
  app = await withIds(...ids())
  const bob = await passedBrowser(app, 'bob')
  expect(await isIn(bob)).toBe(true)
  const alice = await app.login('alice')
  expect(await isIn(alice)).toBe(false)
  expect((await verify(alice, app.codeFor('bob'))).status).not.toBe(200)
  expect((await verify(alice, app.codeFor('alice'))).status).toBe(200)
  expect([await isIn(alice), await isIn(bob)]).toEqual([true, true])
})

test('a numeric id and the same id as a string are the same user after a restart', async () => {
  const kept = {
    sessionStore: new session.MemoryStore(),
    secondFactor: { store: memoryStore(), secret: 'the same secret before and after' },
  }
  app = await withIds(1n, 2, kept)
  const alice = await passedBrowser(app, 'alice')
  expect(await app.store.read('1')).not.toBeNull()
  for (const id of ['1', 1]) {
    await app.close()
    app = await withIds(id, '2', kept)
    const after = app.browser()
    for (const [name, value] of alice.cookies) after.cookies.set(name, value)
    expect(await isIn(after)).toBe(true)
  }
})

describe('an invalid id', () => {
  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['true', true],
    ['a list', ['2']],
    ['an object', { tenant: 1, id: 2 }],
    ['an object that prints as an id', { toString: () => '2', toHexString: () => '2' }],
    ['a symbol', Symbol('2')],
    ['a function', () => '2'],
    ['an empty string', ''],
    ['white space', ' '],
    ['white space around', ' 2'],
    ['a line break inside', '2\n1'],
    ['a NUL byte', '2\u0000'],
    ['a lone surrogate', '\ud800'],
    ['a phone’s own subject', 'tel:+237671234567'],
    ['an endless string', 'x'.repeat(201)],
  ])('is refused, and lets nobody in: %s', async (_what, id) => {
    app = await withIds(id, '2')
    const alice = app.browser()
    const login = await alice.post('/login', { username: 'alice', password: 'password' })
    expect(login.status).toBe(500)
    expect((await alice.get('/account')).status).toBeGreaterThanOrEqual(400)
    expect((await alice.post('/second-factor/challenge')).status).toBeGreaterThanOrEqual(400)
    expect(app.inbox.inbox()).toEqual([])
    expect(app.faults.map((fault) => (fault as { code: unknown }).code)).toContain(
      'configuration_invalid',
    )
  })
})
