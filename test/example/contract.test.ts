/** The example's own paths, field by field, as a client sees them. */

import { beforeAll, describe, expect, test } from 'vitest'

import { wrongCode } from '../support/codes.js'
import { textOf } from '../support/html.js'
import { rawRequest } from '../support/raw-request.js'
import {
  inboxOf,
  newDatabase,
  passwords,
  phones,
  startExample,
  verify,
  type Example,
} from '../support/example.js'
import { expectOwnProblem } from '../support/example-problem.js'

const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string
const challenge = {
  status: 'pending',
  method: 'sms',
  channel: 'sms',
  destination: '••••10',
  codeLength: 6,
  attemptsLeft: 5,
  expiresAt: instant,
  expiresInSeconds: 300,
  resendAt: instant,
  resendInSeconds: 30,
}

let example: Example
beforeAll(async () => {
  example = await startExample({ DATABASE_URL: newDatabase() })
})

describe('the example', () => {
  test('shows its health and its home page to anybody', async () => {
    const health = await example.browser().get('/healthz')
    expect([health.status, health.json]).toEqual([200, { status: 'ok' }])
    const home = await example.browser().page('/')
    expect(home.status).toBe(200)
    expect(home.text).toContain('Codes are sent by: console')
  })

  test('responds to an unknown path with a problem or a page', async () => {
    expectOwnProblem(await example.browser().get('/nowhere'), 404, 'not_found')
    expectOwnProblem(await example.browser().post('/nowhere'), 404, 'not_found')
    const page = await example.browser().page('/nowhere')
    expect([page.status, page.headers.get('content-type')]).toEqual([
      404,
      'text/html; charset=utf-8',
    ])
    expect(textOf(page.text)).toContain(
      'Page not found Check the address, or go to the home page .',
    )
  })

  test.each([
    ['PUT', '/login', 'GET, HEAD, POST'],
    ['DELETE', '/register', 'GET, HEAD, POST'],
    ['GET', '/logout', 'POST'],
    ['GET', '/transfer', 'POST'],
    ['GET', '/password', 'POST'],
  ])('responds to %s %s with 405 and an Allow header', async (method, path, allowed) => {
    const answer = await example.browser().ask(path, { method })
    expectOwnProblem(answer, 405, 'method_not_allowed')
    expect(answer.headers.get('allow')).toBe(allowed)
  })

  test('shows a page with a button at /logout, and opening it logs nobody out', async () => {
    const alice = await example.login('dave')
    const page = await alice.page('/logout')
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ])
    expect(page.text).toContain('You’re logged in as <b>dave</b>')
    expect(page.text).toContain('<form class="actions" method="post" action="/logout">')
    expect((await alice.get('/profile')).status).toBe(200)
    expect((await example.browser().page('/logout')).text).toContain('You’re not logged in')
  })

  test('cannot be cached or framed, and loads nothing from elsewhere', async () => {
    for (const path of ['/', '/login', '/profile', '/account', '/dev/inbox', '/nowhere']) {
      const { headers } = await example.browser().get(path)
      expect(headers.get('cache-control'), path).toBe('no-store')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-powered-by')).toBeNull()
    }
  })
})

describe('a login', () => {
  test('returns who logged in, where to go next and the first challenge', async () => {
    const answer = await example
      .browser()
      .post('/login', { username: 'bob', password: 'builder-9' })
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({ user: { username: 'bob' }, next: '/second-factor/', challenge })
    const [message, ...others] = await inboxOf(example.url, phones.bob)
    expect(others).toEqual([])
    expect(message).toEqual({
      to: phones.bob,
      code: expect.stringMatching(/^\d{6}$/) as string,
      text: expect.stringContaining(message?.['code'] ?? '?') as string,
      sentAt: instant,
    })
  })

  test('stands if no code can be sent, and says why', async () => {
    const again = await example.browser().post('/login', { username: 'bob', password: 'builder-9' })
    expect(again.json).toEqual({
      user: { username: 'bob' },
      next: '/second-factor/',
      refusal: { code: 'cooldown', retryAt: instant },
    })
    const carol = await example
      .browser()
      .post('/login', { username: 'carol', password: 'no-phone-3' })
    expect(carol.json).toEqual({
      user: { username: 'carol' },
      next: '/second-factor/',
      refusal: { code: 'destination_missing' },
    })
  })

  test('by a form redirects with 303', async () => {
    const answer = await example
      .browser()
      .submit('/login', { username: 'dave', password: 'shared-5' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/second-factor/'])
  })

  test.each([
    ['a wrong password', { username: 'alice', password: 'wonderland-8' }],
    ['a name that nobody has', { username: 'mallory', password: 'wonderland-7' }],
    ['a name in other letters', { username: 'ALICE', password: 'wonderland-7' }],
  ])('with %s is refused', async (_what, login) => {
    const browser = example.browser()
    expectOwnProblem(await browser.post('/login', login), 401, 'login_failed')
    expect(browser.cookies.size).toBe(0)
    const page = await browser.submit('/login', login)
    expect(page.status).toBe(401)
    expect(page.text).toContain('Wrong user name or password.')
    expect(page.text).toContain(`value="${login.username}"`)
    expect(page.text).not.toContain(login.password)
  })

  test('takes name and password from the body, never from the URL', async () => {
    const query = new URLSearchParams({ username: 'alice', password: passwords.alice }).toString()
    expectOwnProblem(await example.browser().post(`/login?${query}`), 400, 'malformed_request')
  })
})

describe('the pages of a user', () => {
  test('are closed without a login', async () => {
    expectOwnProblem(await example.browser().get('/profile'), 401, 'login_required')
    const page = await example.browser().page('/profile')
    expect([page.status, page.headers.get('location')]).toEqual([303, '/login'])
    expectOwnProblem(await example.browser().get('/account'), 401, 'login_required')
    const account = await example.browser().page('/account')
    expect([account.status, account.headers.get('location')]).toEqual([303, '/login'])
    const transfer = await example.browser().post('/transfer', { to: 'bob', amount: 1 })
    expectOwnProblem(transfer, 401, 'login_required')
  })

  test('open one after the other: the profile with the password, the account with the code', async () => {
    const browser = await example.login('alice')
    expect((await browser.get('/profile')).json).toEqual({ user: { username: 'alice' } })
    expect((await browser.page('/profile')).text).toContain('<b>alice</b>')
    const closed = await browser.get('/account')
    expectOwnProblem(closed, 403, 'second_factor_required')
    expect(closed.json).toMatchObject({ challengeUrl: '/second-factor/' })
    expect((await browser.page('/account')).headers.get('location')).toBe('/second-factor/')
    expectOwnProblem(
      await browser.post('/transfer', { to: 'bob', amount: 1 }),
      403,
      'second_factor_required',
    )

    const code = await example.codeFor(phones.alice)
    expectOwnProblem(await verify(browser, wrongCode(code)), 403, 'code_incorrect')
    const passed = await verify(browser, code)
    expect(passed.json).toEqual({
      ...{ status: 'passed', method: 'sms', amr: ['pwd', 'otp', 'sms', 'mfa'] },
      ...{ aal: 2, phishingResistant: false },
      ...{ passedAt: instant, expiresAt: instant, returnTo: '/account' },
    })
    expect((await browser.get('/account')).json).toEqual({ user: { username: 'alice' } })
    expect((await browser.page('/account')).text).toContain('<b>alice</b>')
    const transfer = await browser.post('/transfer', { to: 'bob', amount: 12.5 })
    expect(transfer.json).toEqual({ status: 'transferred', to: 'bob', amount: 12.5 })
    const form = await browser.submit('/transfer', { to: '<b>bob</b>', amount: '12.50' })
    const receipt = form.headers.get('location') ?? ''
    expect([form.status, receipt]).toEqual([303, expect.stringMatching(/^\/transfers\/\d+$/)])
    expect((await browser.page(receipt)).text).toContain(
      'You sent €12.50 to &lt;b&gt;bob&lt;/b&gt;.',
    )

    const copy = browser.copy()
    expect((await browser.post('/logout')).status).toBe(204)
    expectOwnProblem(await copy.get('/account'), 401, 'login_required')
    expectOwnProblem(await copy.get('/profile'), 401, 'login_required')
  })

  test('are left by the logout form with 303, even without a login', async () => {
    const answer = await example.browser().submit('/logout')
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
  })
})

describe('a form from another site', () => {
  test.each(['/login', '/register', '/logout', '/transfer', '/password'])(
    'is refused at %s',
    async (path) => {
      const fields = { username: 'alice', password: passwords.alice }
      for (const [name, value] of [
        ['sec-fetch-site', 'cross-site'],
        ['sec-fetch-site', 'same-site'],
        ['origin', 'https://other.example'],
        ['origin', example.url.replace('http:', 'https:').replace(/\d+$/, '1')],
        ['origin', 'null'],
      ] as const) {
        const answer = await rawRequest(example.url, {
          method: 'POST',
          path,
          headers: { [name]: value, 'content-type': 'application/json' },
          body: JSON.stringify(fields),
        })
        expect([answer.status, name, value]).toEqual([403, name, value])
        expect(JSON.parse(answer.text)).toMatchObject({ code: 'cross_site_request' })
        expect(answer.headers['set-cookie']).toBeUndefined()
      }
    },
  )
})

describe('the inbox', () => {
  test('lists the newest first, for all phones or one, as JSON or as a page', async () => {
    const all = JSON.parse((await example.browser().get('/dev/inbox')).text) as { sentAt: string }[]
    const times = all.map(({ sentAt }) => sentAt)
    expect(times.length).toBeGreaterThan(2)
    expect(times).toEqual([...times].sort().reverse())
    // Unescaped, as people write it, the plus reaches the server as a space.
    const plain = await example.browser().get(`/dev/inbox?to=${phones.bob}`)
    expect(JSON.parse(plain.text)).toEqual(await inboxOf(example.url, phones.bob))
    const page = await example.browser().page('/dev/inbox')
    expect(page.text).toContain(phones.bob)
    expect(JSON.parse((await example.browser().get('/dev/inbox?to=%2B1')).text)).toEqual([])
  })
})
