/**
 * From another page, the attacker makes the victim's browser post a form to a step-up route, so that the gate stops it
 * and keeps the fields; the victim then confirms with a code and finds the application's own form filled in with the
 * attacker's account. Only forms from pages of this origin may be kept, and whatever a client can write into its
 * session must not come back as fields of another type, page or user.
 */

import express, { type Request } from 'express'
import { afterEach, beforeEach, expect, test } from 'vitest'

import type {} from '../../src/express/session-record.js'
import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp({
    secondFactor: { origins: ['https://shop.example'] },
    routes(server, secondFactor) {
      server.get('/form', (req: Request, res) => res.json({ kept: secondFactor.keptFields(req) }))
      server.post('/pay', secondFactor.gate({ keepFields: ['to'] }), (_req, res) => res.json({}))
      // An application that takes whatever it is sent into the session.
      server.post('/preferences', express.json(), (req: Request, res) => {
        const { secondFactor: record } = req.session
        Object.assign(req.session, { secondFactor: { ...record, ...(req.body as object) } })
        res.json({})
      })
    },
  })
})
afterEach(() => app.close())

const keptOn = async (browser: Browser) => (await browser.get('/form')).json['kept']

const plant = (browser: Browser, headers: Record<string, string>) =>
  browser.ask('/pay', {
    method: 'POST',
    headers: {
      ...{ accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
      ...headers,
    },
    body: 'to=attacker',
  })

test('what is typed on a page of this origin is kept (control for the cases below)', async () => {
  const alice = await app.login('alice')
  await plant(alice, { referer: `${app.url}/form`, 'sec-fetch-site': 'same-origin' })
  expect(await keptOn(alice)).toEqual({ to: 'attacker' })
  const bob = await app.login('bob')
  await plant(bob, { referer: 'https://shop.example/form', origin: 'https://shop.example' })
  expect(await keptOn(bob)).toEqual({ to: 'attacker' })
})

test.each<[string, () => Record<string, string>]>([
  [
    'another site',
    () => ({ referer: 'https://evil.example/form', 'sec-fetch-site': 'cross-site' }),
  ],
  [
    'another site that claims ours',
    () => ({ referer: `${app.url}/form`, 'sec-fetch-site': 'cross-site' }),
  ],
  [
    'another site, in an old browser',
    () => ({ referer: `${app.url}/form`, origin: 'https://evil.example' }),
  ],
  ['a site that hides where it is', () => ({ 'sec-fetch-site': 'same-origin' })],
  ['another host', () => ({ referer: 'https://evil.example/form' })],
  ['another port', () => ({ referer: 'http://127.0.0.1:1/form' })],
  ['a host before an @', () => ({ referer: `${app.url}@evil.example/form` })],
  ['a path that leaves the origin', () => ({ referer: `${app.url}//evil.example` })],
  ['no address at all', () => ({ referer: 'form' })],
])('a form on %s leaves nothing in the form of this one', async (_name, headers) => {
  const alice = await app.login('alice')
  const answer = await plant(alice, headers())
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/second-factor/'])
  expect(await keptOn(alice)).toBeNull()
})

test.each<[string, object]>([
  ['fields that are no strings', { returnTo: '/form', keptFields: { to: { toString: 1 } } }],
  ['a list', { returnTo: '/form', keptFields: ['x'] }],
  ['a string', { returnTo: '/form', keptFields: 'x' }],
  ['fields of nobody', { returnTo: '/form', keptFields: { to: 'x' }, subject: 'mallory' }],
  ['another page', { returnTo: '//evil.example/form', keptFields: { to: 'x' } }],
])('a session with %s in it keeps nothing', async (_name, record) => {
  const alice = await app.login('alice')
  await alice.post('/preferences', record)
  expect(await keptOn(alice)).toBeNull()
})

test.each([NaN, -1, '300', { valueOf: 1 }])(
  'a maximum age of %j written into a session has no effect',
  async (age) => {
    const alice = await app.login('alice')
    await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
    await alice.post('/preferences', { maxAgeSeconds: age })
    expect((await alice.page('/second-factor/')).text).toContain('You’ve confirmed it’s you.')
  },
)
