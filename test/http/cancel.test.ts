/** `POST {mount}/cancel`: cancels the pending challenge and leads back to where it was requested. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Answer, Browser } from '../support/browser.js'
import { expectProblem } from '../support/problem.js'

const cancel = '/second-factor/cancel'
const mount = '/second-factor/'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp({
    routes(server, secondFactor) {
      server.get('/form', secondFactor.gate(), (req, res) => {
        res.json({ kept: secondFactor.keptFields(req) })
      })
      server.get('/settings', (_req, res) => res.send('settings'))
      server.get('/vault', secondFactor.gate({ maxAgeSeconds: 60 }), (_req, res) => {
        res.send('vault')
      })
      server.post(
        '/pay',
        secondFactor.gate({ maxAgeSeconds: 60, keepFields: ['to'] }),
        (_req, res) => {
          res.send('paid')
        },
      )
    },
  })
})
afterEach(() => app.close())

/** Somebody whose second factor was passed so many seconds ago. */
async function passed(seconds = 0): Promise<Browser> {
  const alice = await app.login('alice')
  await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
  app.clock.advance(seconds)
  return alice
}

/** Goes to a page, or sends a form, from the page at `from`. */
function go(browser: Browser, path: string, from: string, body?: string): Promise<Answer> {
  return browser.ask(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...{ accept: 'text/html', referer: app.url + from, 'sec-fetch-site': 'same-origin' },
      ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(body === undefined ? {} : { body }),
  })
}

const leadsTo = (answer: Answer) => [answer.status, answer.headers.get('location')]
const userOf = async (browser: Browser) => (await browser.get('/profile')).json['user']

test('is a button on every page that asks for a factor, and on no other', async () => {
  const hasCancel = async (browser: Browser, path = mount) =>
    (await browser.page(path)).text.includes(`action="${cancel}"`)
  const alice = await app.login('alice')
  const carol = await app.login('carol')
  expect([await hasCancel(alice), await hasCancel(carol)]).toEqual([true, true])
  await alice.delete('/second-factor/challenge')
  expect(await hasCancel(alice)).toBe(true)
  app.clock.advance(30)
  const bob = await passed()
  expect(await hasCancel(bob)).toBe(false)
  expect(await hasCancel(bob, '/second-factor/phone')).toBe(true)
  await bob.post('/second-factor/challenge')
  expect(await hasCancel(bob)).toBe(true)
})

test('ends a pending login and leads to the login page', async () => {
  const alice = await app.login('alice')
  const code = app.codeFor('alice')
  expect(leadsTo(await alice.submit(cancel))).toEqual([303, '/login'])
  expect(await userOf(alice)).toBeNull()
  expectProblem(await alice.post('/second-factor/verify', { code }), 'login_required')
  expect(app.events.map(({ type }) => type)).toContain('challenge_abandoned')
})

describe('a step-up', () => {
  test('from a form leads back to the form, which keeps what was typed', async () => {
    const alice = await passed(61)
    await go(alice, '/pay', '/form?tab=2', 'to=bob')
    await alice.submit('/second-factor/challenge')
    const answer = await alice.submit(cancel)
    expect(leadsTo(answer)).toEqual([303, '/form?tab=2'])
    expect((await alice.get('/form?tab=2')).json['kept']).toEqual({ to: 'bob' })
    expect((await alice.get(mount)).json['challenge']).toBeNull()
    expect((await alice.page(mount)).text).not.toContain('enter a new code')
  })

  test('from a link leads back to the page with the link', async () => {
    const alice = await passed(61)
    await go(alice, '/vault', '/form')
    await go(alice, '/second-factor/challenge', mount, '')
    expect(leadsTo(await go(alice, cancel, mount, ''))).toEqual([303, '/form'])
  })

  test('from a typed address leads to the default page, without a redirect loop', async () => {
    const alice = await passed(61)
    await alice.page('/vault')
    expect(leadsTo(await alice.submit(cancel))).toEqual([303, '/account'])
    expect((await alice.page('/account')).status).toBe(200)
    await alice.post('/second-factor/challenge')
    const code = app.codeFor('alice')
    const again = await alice.post('/second-factor/verify', { code })
    expect(again.json['returnTo']).toBe('/account')
  })

  test('never leads to another origin', async () => {
    const alice = await passed(61)
    await alice.ask('/vault', {
      headers: { accept: 'text/html', referer: 'https://evil.example/x' },
    })
    expect(leadsTo(await alice.submit(cancel))).toEqual([303, '/account'])
  })
})

describe('a change of phone', () => {
  const newPhone = '+33612345678'

  test('is cancelled and leads back to the page with the link', async () => {
    const alice = await passed(30)
    await go(alice, '/second-factor/phone', '/settings')
    await go(
      alice,
      '/second-factor/phone',
      '/second-factor/phone',
      `phone=${encodeURIComponent(newPhone)}`,
    )
    const code = app.inbox.inbox(newPhone)[0]?.code ?? ''
    await go(alice, mount, '/second-factor/phone')
    expect(leadsTo(await go(alice, cancel, mount, ''))).toEqual([303, '/settings'])
    expectProblem(await alice.post('/second-factor/phone/verify', { code }), 'no_challenge')
    expect(app.users[0]?.phone).toBe('+237671234567')
  })

  test('leads back there even if it needed a fresh code first', async () => {
    const alice = await passed(301)
    await go(alice, '/second-factor/phone', '/settings')
    await go(alice, '/second-factor/challenge', mount, '')
    await go(alice, '/second-factor/verify', mount, `code=${app.codeFor('alice')}`)
    await go(alice, '/second-factor/phone', mount)
    expect(leadsTo(await go(alice, cancel, '/second-factor/phone', ''))).toEqual([303, '/settings'])
  })
})

test('by somebody who needs no second factor does not end the login', async () => {
  await app.close()
  app = await startTestApp({
    secondFactor: {
      users: {
        id: ({ id }) => id,
        phone: ({ phone }) => phone && { number: phone, verified: false },
        setVerifiedPhone: () => undefined,
        isRequired: () => false,
      },
    },
    routes: (server) => server.get('/settings', (_req, res) => res.send('settings')),
  })
  const alice = await app.login('alice')
  await go(alice, '/second-factor/phone', '/settings')
  expect(leadsTo(await alice.submit(cancel))).toEqual([303, '/settings'])
  expect(await userOf(alice)).toMatchObject({ username: 'alice' })
})

test('gives programs the same response as DELETE of the challenge', async () => {
  const alice = await app.login('alice')
  expect((await alice.post(cancel)).status).toBe(204)
  expect((await alice.get(mount)).json['challenge']).toBeNull()
})

test('is refused from another site, which could otherwise end logins', async () => {
  const alice = await app.login('alice')
  const headers = { accept: 'text/html', 'sec-fetch-site': 'cross-site' }
  expect((await alice.ask(cancel, { method: 'POST', headers })).status).toBe(403)
  expect(await userOf(alice)).toMatchObject({ username: 'alice' })
})
