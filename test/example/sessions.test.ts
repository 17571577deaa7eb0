/** Users see where they are logged in, and can end one of these sessions or all, in any process. */

import { QueryTypes } from 'sequelize'
import { beforeAll, describe, expect, test } from 'vitest'

import type { Answer, Browser } from '../support/browser.js'
import { withSequelize } from '../support/databases.js'
import { expectOwnProblem } from '../support/example-problem.js'
import { passwords, phones, startExample, verify, type Example } from '../support/example.js'
import { tagsOf, textOf } from '../support/html.js'
import { scratchDatabases } from '../support/scratch-databases.js'

const userAgents = {
  laptop:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
  phone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1',
}

interface Listed {
  readonly id: string
  readonly device: string
  readonly current: boolean
}

for (const database of await scratchDatabases()) {
  const { name, url } = database
  describe(`two processes on ${name}`, () => {
    let first: Example
    let second: Example
    beforeAll(async () => {
      const env = { DATABASE_URL: url, OTP_SENDS_PER_DAY: '100' }
      ;[first, second] = await Promise.all([startExample(env), startExample(env)])
    })

    /** A browser that has passed; each finds the wait of the one before over. */
    async function passed(
      example: Example,
      username: 'alice' | 'bob',
      userAgent = userAgents.laptop,
    ): Promise<Browser> {
      await Promise.all([first.advance(3600), second.advance(3600)])
      const browser = example.browser()
      const login = await browser.ask('/login', {
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          'user-agent': userAgent,
        },
        body: JSON.stringify({ username, password: passwords[username] }),
      })
      expect(login.json).toMatchObject({ challenge: { status: 'pending' } })
      const code = await example.codeFor(phones[username])
      expect((await verify(browser, code)).status).toBe(200)
      return browser
    }

    const listOf = async (browser: Browser) =>
      (await browser.get('/sessions')).json['sessions'] as Listed[]

    async function expectOut(browser: Browser): Promise<void> {
      for (const example of [first, second]) {
        for (const path of ['/profile', '/account']) {
          expectOwnProblem(await example.copyOf(browser).get(path), 401, 'login_required')
        }
      }
    }

    async function expectIn(browser: Browser): Promise<void> {
      for (const example of [first, second]) {
        expect((await example.copyOf(browser).get('/account')).status).toBe(200)
      }
    }

    test('list the sessions of one user and mark the current one', async () => {
      const laptop = await passed(first, 'alice')
      const phone = await passed(second, 'alice', userAgents.phone)
      const bob = await passed(second, 'bob')

      expect(await listOf(second.copyOf(laptop))).toEqual([
        expect.objectContaining({ device: 'Chrome on Linux', current: true }) as Listed,
        expect.objectContaining({ device: 'Safari on iOS', current: false }) as Listed,
      ])
      const page = await first.copyOf(phone).page('/sessions')
      expect(textOf(page.text)).toMatch(/Safari on iOS this browser .+ Chrome on Linux Logged in /)
      expect((await listOf(bob)).map(({ current }) => current)).toEqual([true])
    })

    test('never reveal the session id of the cookie', async () => {
      const alice = await passed(first, 'alice')
      const [cookie = ''] = alice.cookies.values()
      const sid = /^s:([^.]+)\./.exec(decodeURIComponent(cookie))?.[1] ?? ''
      expect(sid).toHaveLength(32)
      for (const answer of [await alice.get('/sessions'), await alice.page('/sessions')]) {
        expect(answer.status).toBe(200)
        expect(answer.text).not.toContain(sid)
      }
    })

    test('end one session of the list and keep the others', async () => {
      const alice = await passed(first, 'alice')
      const lost = await passed(second, 'alice', userAgents.phone)
      const page = await alice.page('/sessions')
      const button = tagsOf(page.text, 'button').find(({ name }) => name === 'session')
      // The one used last stands first.
      const end = await second
        .copyOf(alice)
        .submit('/sessions/log-out', { session: button?.['value'] ?? '' })
      expect([end.status, end.headers.get('location')]).toEqual([303, '/sessions'])
      await expectOut(lost)
      await expectIn(alice)
      expect(await listOf(alice)).not.toContainEqual(
        expect.objectContaining({ id: button?.['value'] }),
      )
    })

    test('end nobody else’s session, whatever is requested', async () => {
      const alice = await passed(first, 'alice')
      const bob = await passed(first, 'bob')
      const [session] = await listOf(alice)
      const wanted = { session: session?.id }
      expect((await bob.post('/sessions/log-out', wanted)).status).toBe(204)
      await expectIn(alice)
      expect((await alice.post('/sessions/log-out', wanted)).status).toBe(204)
      await expectOut(alice)
      expectOwnProblem(await bob.post('/sessions/log-out', {}), 400, 'malformed_request')
    })

    test.each([
      ['by a form', (browser: Browser) => browser.submit('/sessions/log-out-everywhere')],
      ['as a program', (browser: Browser) => browser.post('/sessions/log-out-everywhere')],
    ])('log out everywhere, %s', async (_how, logOut: (browser: Browser) => Promise<Answer>) => {
      const [here, there, bob] = [
        await passed(first, 'alice'),
        await passed(second, 'alice', userAgents.phone),
        await passed(first, 'bob'),
      ]
      const halfway = await second.login('alice')
      const copies = [here, there, halfway].map((browser) => browser.copy())

      const answer = await logOut(second.copyOf(here))
      expect(answer.status).toBe(answer.headers.get('location') === '/logged-out' ? 303 : 204)
      expect(answer.headers.get('set-cookie')).toMatch(/^example\.sid=; .*Expires=Thu, 01 Jan 1970/)
      for (const copy of copies) await expectOut(copy)
      await expectIn(bob)
      const again = await first.login('alice')
      expectOwnProblem(await again.get('/account'), 403, 'second_factor_required')
    })

    test('end the grants too with a logout everywhere, in case a session is restored', async () => {
      const old = await passed(first, 'alice')
      const alice = await passed(first, 'alice')
      await withSequelize(database, {}, async (sequelize) => {
        const table = 'example_user_sessions'
        const rows = await sequelize.query<object>(`SELECT * FROM ${table}`, {
          type: QueryTypes.SELECT,
        })
        expect((await alice.post('/sessions/log-out-everywhere')).status).toBe(204)
        await expectOut(old)
        // As from a copy of the table, made before.
        await sequelize.query(`DELETE FROM ${table}`)
        await sequelize.getQueryInterface().bulkInsert(table, rows)
      })
      expect((await old.get('/profile')).json).toEqual({ user: { username: 'alice' } })
      // It has no grant, and its password has waited too long for another code.
      expectOwnProblem(await second.copyOf(old).get('/account'), 401, 'login_required')
    })

    test('show and end sessions only behind the second factor, by POST, from this site', async () => {
      const halfway = await first.login('bob')
      for (const path of ['/sessions/log-out', '/sessions/log-out-everywhere']) {
        expectOwnProblem(await halfway.post(path), 403, 'second_factor_required')
        const wrong = await halfway.get(path)
        expectOwnProblem(wrong, 405, 'method_not_allowed')
        expect(wrong.headers.get('allow')).toBe('POST')
        const foreign = await halfway.ask(path, {
          method: 'POST',
          headers: { accept: 'application/json', 'sec-fetch-site': 'cross-site' },
        })
        expect(foreign.json).toMatchObject({ code: 'cross_site_request' })
      }
      expectOwnProblem(await halfway.get('/sessions'), 403, 'second_factor_required')
      expect((await halfway.get('/profile')).status).toBe(200)
    })
  })
}
