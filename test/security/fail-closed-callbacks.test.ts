/**
 * The attacker profits from a mistake in the application: a callback that forgets to return, returns something like
 * `false`, rejects, or never settles; a sender or an event sink that throws. Only a strict `false` waives the second
 * factor, and only for a person who is logged in; any failure leaves the gate shut.
 */

import { afterEach, expect, test, vi } from 'vitest'

import type { UserDirectory } from '../../src/index.js'
import { startTestApp, type TestApp, type TestUser } from '../support/app.js'
import { wrongCode } from '../support/codes.js'
import { isIn, verify } from '../support/in-or-out.js'
import { phoneOf, rowOf } from '../support/rows.js'

let app: TestApp
afterEach(async () => {
  vi.useRealTimers()
  await app.close()
})

/** An application whose directory has this in it, and is otherwise as ever. */
async function withDirectory(directory: Partial<UserDirectory<TestUser>>): Promise<TestApp> {
  const phone = (user: TestUser) => user.phone && { number: user.phone, verified: user.verified }
  const setVerifiedPhone = () => undefined
  return startTestApp({
    secondFactor: { users: { id: (user) => user.id, phone, setVerifiedPhone, ...directory } },
  })
}

const answers: [string, () => unknown][] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['0', () => 0],
  ['an empty string', () => ''],
  ['the string "false"', () => 'false'],
  ['NaN', () => NaN],
  ['an object', () => ({ required: false })],
  ['a promise of undefined', () => Promise.resolve(undefined)],
  ['a Boolean object', () => Object(false) as unknown],
  ['an error', () => Promise.reject(new Error('no'))],
  [
    'a throw',
    () => {
      throw new Error('no')
    },
  ],
]

test.each(answers)('the gate stays shut when isRequired returns %s', async (_what, answer) => {
  app = await withDirectory({ isRequired: answer as () => boolean })
  const alice = await app.login('alice')
  expect((await alice.get('/account')).status).toBeGreaterThanOrEqual(403)
  expect(await isIn(alice)).toBe(false)
})

test('isRequired waives only the user it was asked about, and nobody who is not logged in', async () => {
  app = await withDirectory({ isRequired: (user) => (user as TestUser | null)?.id !== 1 })
  expect(await isIn(await app.login('alice'))).toBe(true)
  expect(await isIn(await app.login('bob'))).toBe(false)
  expect(await isIn(app.browser())).toBe(false)
})

test.each([null, undefined, false, '', 0])(
  'a request without a user (%j) is out although isRequired waives users it does not know',
  async (nobody) => {
    app = await withDirectory({ isRequired: (user) => Boolean(user as TestUser | null) && false })
    app.app.get(
      '/as-nobody',
      (req, _res, next) => {
        req.user = nobody as unknown as Express.User
        next()
      },
      app.secondFactor.gate(),
      (_req, res) => {
        res.json({ account: 'nobody' })
      },
    )
    expect((await app.browser().get('/as-nobody')).status).toBe(401)
  },
)

test('the gate times out and stays shut when isRequired never settles', async () => {
  let asked: () => void = () => undefined
  const isAsked = new Promise<void>((resolve) => (asked = resolve))
  app = await withDirectory({
    isRequired: () => {
      asked()
      return new Promise(() => undefined)
    },
  })
  const alice = app.browser()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const login = alice.post('/login', { username: 'alice', password: 'password' })
  await isAsked
  await vi.advanceTimersByTimeAsync(60_000)
  expect((await login).json['refusal']).toMatchObject({ code: 'store_unavailable' })

  const again = new Promise<void>((resolve) => (asked = resolve))
  const account = alice.get('/account')
  await again
  await vi.advanceTimersByTimeAsync(60_000)
  expect((await account).status).toBe(503)
})

test('nothing is sent and nobody is in when phone fails or hangs', async () => {
  let fail = true
  app = await withDirectory({
    phone: () => (fail ? Promise.reject(new Error('+237671234567')) : '+237671234567'),
  })
  const alice = await app.login('alice')
  const refused = await alice.post('/second-factor/challenge')
  expect(refused.status).toBe(503)
  expect(refused.text).not.toContain('671234567')
  expect(app.inbox.inbox()).toEqual([])
  expect(await isIn(alice)).toBe(false)

  fail = false
  await alice.post('/second-factor/challenge')
  const code = app.inbox.inbox()[0]?.code ?? ''
  fail = true
  expect((await verify(alice, code)).status).toBe(503)
  expect(await isIn(alice)).toBe(false)
  expect((await rowOf(app.store, '1')).grants).toEqual([])
})

test('the code is used and nobody is in when setVerifiedPhone fails', async () => {
  app = await withDirectory({ setVerifiedPhone: () => Promise.reject(new Error('read only')) })
  const carol = await app.login('carol')
  await carol.post('/second-factor/phone', { phone: '+14155550199' })
  const code = app.inbox.inbox()[0]?.code
  expect((await carol.post('/second-factor/phone/verify', { code })).status).toBe(503)
  expect(await isIn(carol)).toBe(false)
  expect((await rowOf(app.store, '3')).grants).toEqual([])
  expect((await carol.post('/second-factor/phone/verify', { code })).status).toBe(409)
})

test('the code stays valid and no second message is sent when a sender throws, hangs or returns nothing', async () => {
  const works: (() => unknown)[] = [
    () => {
      throw new Error('socket hang up')
    },
    () => Promise.reject(new Error('socket hang up')),
    () => undefined,
    () => ({ status: 'fine' }),
    () => new Promise(() => undefined),
  ]
  let calls = 0
  let asked: () => void = () => undefined
  app = await startTestApp({
    sender: {
      channel: 'sms',
      send: () => {
        calls += 1
        asked()
        return works[(calls - 1) % works.length]?.() as Promise<{ status: 'sent' }>
      },
    },
  })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  for (const [n] of works.entries()) {
    const isAsked = new Promise<void>((resolve) => (asked = resolve))
    const browser = app.browser()
    const login = browser.post('/login', { username: 'alice', password: 'password' })
    await isAsked
    await vi.advanceTimersByTimeAsync(60_000)
    expect((await login).json['refusal']).toMatchObject({ code: 'delivery_failed' })
    expect(calls).toBe(n + 1)
    expect(phoneOf(await rowOf(app.store, '1')).challenge).not.toBeNull()
    expect(await isIn(browser)).toBe(false)
    app.clock.advance(3600)
  }
})

test('an event sink that throws, rejects or hangs changes nothing', async () => {
  const answers = [
    () => {
      throw new Error('full')
    },
    () => Promise.reject(new Error('full')),
    () => new Promise(() => undefined),
  ]
  let calls = 0
  app = await startTestApp({
    secondFactor: { events: { emit: () => answers[calls++ % answers.length]?.() } },
  })
  const alice = await app.login('alice')
  expect((await verify(alice, wrongCode(app.codeFor('alice')))).status).toBe(403)
  expect((await verify(alice, app.codeFor('alice'))).status).toBe(200)
  expect(await isIn(alice)).toBe(true)
  expect((await alice.post('/logout')).status).toBe(204)
  expect(calls).toBeGreaterThan(3)
})

test.each([
  ['nothing', undefined],
  ['null', null],
  ['an empty string', ''],
  ['0', 0],
  ['the word that Express leaves a route by', 'route'],
  ['the word that Express leaves a router by', 'router'],
])('a view that fails with %s does not open the gate', async (_what, fault) => {
  const fail = vi.fn<() => Promise<string>>().mockRejectedValue(fault)
  app = await startTestApp({
    secondFactor: { pages: { views: { challenge: fail, message: fail } } },
  })
  const alice = await app.login('alice')
  expect((await alice.submit('/transfer')).status).toBe(303)
  for (const answer of [
    await alice.page('/second-factor/'),
    await app.browser().submit('/transfer'),
  ]) {
    expect([answer.status, answer.text]).toEqual([500, 'Internal Server Error'])
  }
  expect(app.faults).toHaveLength(2)
  expect((await rowOf(app.store, '1')).grants).toEqual([])
})
