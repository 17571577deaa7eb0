/** Security settings besides the phone: an app without a phone, recovery codes, and a new password. */

import { QueryTypes } from 'sequelize'
import { beforeAll, describe, expect, test } from 'vitest'

import { afterTests } from '../support/after-tests.js'
import type { Browser } from '../support/browser.js'
import { withSequelize } from '../support/databases.js'
import { setUpApp } from '../support/app-in-example.js'
import { expectOwnProblem } from '../support/example-problem.js'
import {
  newDatabase,
  passwords,
  phones,
  startExample,
  verify,
  type Example,
} from '../support/example.js'
import { textOf } from '../support/html.js'
import { hasRedisServer, startRedis, tell } from '../support/redis-servers.js'

const mount = '/second-factor'

/** Does something, after which every session is in the table again, as from a copy made before. */
async function withSessionsBack(database: string, work: () => Promise<void>): Promise<void> {
  await withSequelize({ name: 'SQLite', url: database }, {}, async (sequelize) => {
    const table = 'example_user_sessions'
    const rows = await sequelize.query<object>(`SELECT * FROM ${table}`, {
      type: QueryTypes.SELECT,
    })
    await work()
    await sequelize.query(`DELETE FROM ${table}`)
    await sequelize.getQueryInterface().bulkInsert(table, rows)
  })
}

/** Makes recovery codes for a browser that has passed just now. */
async function getRecoveryCodes(browser: Browser): Promise<string[]> {
  const begun = await browser.post(`${mount}/factors/recovery`)
  const { setup, codes } = begun.json as { setup: string; codes: string[] }
  const confirmed = await browser.post(`${mount}/factors/recovery/confirm`, { setup })
  expect(confirmed.json).toMatchObject({ status: 'enrolled' })
  return codes
}

describe('a user without a phone', () => {
  let example: Example
  beforeAll(async () => {
    example = await startExample({ DATABASE_URL: newDatabase() })
  })

  test('registers, sets up an app, and needs only its codes to be in', async () => {
    const login = { username: 'laura', password: 'new-password-1' }
    const laura = example.browser()
    const registered = await laura.submit('/register', { ...login, phone: '' })
    expect([registered.status, registered.headers.get('location')]).toEqual([303, `${mount}/`])
    expect((await laura.page(`${mount}/`)).text).toContain('Set up an authenticator app')
    expect((await laura.get('/account')).status).toBe(403)
    const nextCode = await setUpApp(example, laura)
    expect((await laura.get('/account')).json).toEqual({ user: { username: 'laura' } })

    const again = example.browser()
    const answer = await again.post('/login', login)
    expect(answer.json).toEqual({ user: { username: 'laura' }, next: `${mount}/` })
    expect((await verify(again, await nextCode())).json).toMatchObject({ method: 'totp' })
    expect((await again.get('/account')).status).toBe(200)
  })

  test('gets in once with a recovery code after losing the app', async () => {
    const carol = await example.login('carol')
    await setUpApp(example, carol)
    const [first = ''] = await getRecoveryCodes(carol)
    const lost = await example.login('carol')
    expect((await lost.page(`${mount}/`)).text).toContain('Use a recovery code')
    const recovery = { method: 'recovery-code', code: first }
    expect((await lost.post(`${mount}/verify`, recovery)).json).toMatchObject({
      status: 'passed',
      recoveryCodesLeft: 9,
    })
    const twice = await example.login('carol')
    const used = await twice.post(`${mount}/verify`, recovery)
    expectOwnProblem(used, 403, 'code_used')
  })

  test('sees on the profile what is set up, and never a full phone', async () => {
    const alice = await example.login('alice')
    const before = await alice.page('/profile')
    expect(textOf(before.text)).toMatch(
      /Sign-in security Passkeys off .+ Authenticator app off .+ Recovery codes off .+ Phone number verified Your number for codes: /,
    )
    expect(before.text).not.toContain(phones.alice.slice(0, -2))
    await verify(alice, await example.codeFor(phones.alice))
    await setUpApp(example, alice)
    await getRecoveryCodes(alice)
    const after = await alice.page('/profile')
    expect(textOf(after.text)).toMatch(/Authenticator app on .+ Recovery codes on /)
    expect(after.text).toContain(`href="${mount}/factors"`)
  })
})

describe('a new password', () => {
  const database = newDatabase()
  let example: Example
  beforeAll(async () => {
    example = await startExample({ DATABASE_URL: database, OTP_SENDS_PER_DAY: '100' })
  })
  const password = 'builders-and-more-9'

  async function passed(username: 'alice' | 'bob' | 'dave'): Promise<Browser> {
    await example.advance(3600)
    const browser = await example.login(username)
    expect((await verify(browser, await example.codeFor(phones[username]))).status).toBe(200)
    return browser
  }

  test('ends an attacker’s session and code along with the old password', async () => {
    const attacker = await passed('bob')
    const halfway = await example.login('bob')
    const bob = await passed('bob')
    const changed = await bob.post('/password', { current: passwords.bob, password })
    expect([changed.status, changed.json]).toEqual([
      200,
      { status: 'password_changed', next: `${mount}/` },
    ])
    for (const stolen of [attacker, halfway]) {
      expectOwnProblem(await stolen.get('/account'), 401, 'login_required')
      expectOwnProblem(await stolen.get('/profile'), 401, 'login_required')
    }
    const old = await example.browser().post('/login', { username: 'bob', password: passwords.bob })
    expectOwnProblem(old, 401, 'login_failed')

    // The browser that changed it is logged in, with the password alone.
    expect((await bob.get('/profile')).json).toEqual({ user: { username: 'bob' } })
    expectOwnProblem(await bob.get('/account'), 403, 'second_factor_required')
    await example.advance(60)
    expect((await bob.post(`${mount}/challenge`)).status).toBe(201)
    await verify(bob, await example.codeFor(phones.bob))
    expect((await bob.get('/account')).status).toBe(200)
    expect((await bob.get('/sessions')).json['sessions']).toHaveLength(1)
  })

  test('ends the grants too, in case a session is restored from a copy of the table', async () => {
    const attacker = await passed('alice')
    const alice = await passed('alice')
    await withSessionsBack(database, async () => {
      const form = { current: passwords.alice, password: passwords.alice }
      expect((await alice.post('/password', form)).status).toBe(200)
    })
    expect((await attacker.get('/profile')).json).toEqual({ user: { username: 'alice' } })
    expectOwnProblem(await attacker.get('/account'), 401, 'login_required')
  })

  test('leads a browser to a page that says what has ended', async () => {
    const dave = await passed('dave')
    const sid = dave.cookies.get('example.sid')
    const form = { current: passwords.dave, password: 'shared-no-more' }
    const changed = await dave.submit('/password', form)
    expect([changed.status, changed.headers.get('location')]).toEqual([303, '/password/changed'])
    expect(dave.cookies.get('example.sid')).not.toBe(sid)
    expect(textOf((await dave.page('/password/changed')).text)).toContain(
      'Your password has been changed, and every other browser has been logged out.',
    )
    const other = await example
      .browser()
      .submit('/login', { username: 'alice', password: passwords.alice })
    expect(other.status).toBe(303)
  })

  test('cannot be set by an attacker with a password-only or a stale session', async () => {
    const form = { current: passwords.alice, password }
    const halfway = await example.login('alice')
    expectOwnProblem(await halfway.post('/password', form), 403, 'second_factor_required')
    const alice = await passed('alice')
    await example.advance(301)
    expectOwnProblem(await alice.post('/password', form), 403, 'second_factor_stale')
    expect((await alice.page('/password')).headers.get('location')).toBe(`${mount}/`)
  })

  test('cannot be set by an attacker at an open browser without the current password', async () => {
    const alice = await passed('alice')
    const form = { current: 'wonderland-8', password }
    expectOwnProblem(await alice.post('/password', form), 403, 'password_incorrect')
    const page = await alice.submit('/password', form)
    expect(textOf(page.text)).toContain('That isn’t your current password.')
    expect(page.text).not.toContain('wonderland-8')
    const short = { current: passwords.alice, password: 'short' }
    expectOwnProblem(await alice.post('/password', short), 422, 'password_too_short')
    expect((await alice.get('/account')).status).toBe(200)
    expect((await alice.page('/password/changed')).headers.get('location')).toBe('/profile')
  })
})

describe('a session logged out from the list', () => {
  const database = newDatabase()
  let example: Example
  beforeAll(async () => {
    example = await startExample({ DATABASE_URL: database })
  })

  test('opens nothing and accepts no code if it is restored from a copy of the table', async () => {
    const stolen = await example.login('dave')
    expect((await verify(stolen, await example.codeFor(phones.dave))).status).toBe(200)
    await example.advance(60)
    const dave = await example.login('dave')
    expect((await verify(dave, await example.codeFor(phones.dave))).status).toBe(200)
    await example.advance(120)
    const halfway = await example.login('dave')
    const code = await example.codeFor(phones.dave)
    expect((await stolen.get('/account')).status).toBe(200)

    await withSessionsBack(database, async () => {
      const { sessions } = (await dave.get('/sessions')).json as {
        sessions: { id: string; current: boolean }[]
      }
      const others = sessions.filter(({ current }) => !current)
      expect(others).toHaveLength(2)
      for (const { id } of others) {
        expect((await dave.post('/sessions/log-out', { session: id })).status).toBe(204)
      }
    })
    expectOwnProblem(await stolen.get('/account'), 401, 'login_required')
    expectOwnProblem(await verify(halfway, code), 409, 'no_challenge')
    expect((await dave.get('/account')).status).toBe(200)
  })
})

describe.runIf(hasRedisServer())('with Redis', () => {
  test('a lost row of an app closes the account and opens it to nobody', async () => {
    const redis = await startRedis()
    afterTests(() => redis.close())
    const example = await startExample({ DATABASE_URL: newDatabase(), REDIS_URL: redis.url })
    const carol = await example.login('carol')
    await setUpApp(example, carol)
    await tell(redis, 'FLUSHALL')
    const attacker = await example.login('carol')
    const begun = await attacker.post(`${mount}/factors/totp`)
    expectOwnProblem(begun, 503, 'factors_lost')
    expectOwnProblem(await attacker.get('/account'), 503, 'factors_lost')
  })
})
