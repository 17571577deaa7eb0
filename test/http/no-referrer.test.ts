/** Pages that send no `Referer`, which is helmet's default: the way back from a form works all the same. */

import type { Request } from 'express'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { expectProblem } from '../support/problem.js'

let app: TestApp
let alice: Browser
beforeEach(async () => {
  app = await startTestApp({
    secondFactor: { origins: ['https://shop.example'] },
    routes(server, secondFactor) {
      server.get('/transfer-form', secondFactor.gate(), (req: Request, res) => {
        res.json({ kept: secondFactor.keptFields(req) })
      })
      const step = secondFactor.gate({ maxAgeSeconds: 300, keepFields: ['to'] })
      server.post('/transfer-form', step, (_req, res) => res.json({ done: true }))
      server.post('/own', secondFactor.sameOrigin(), (_req, res) => res.json({ done: true }))
    },
  })
  alice = await app.login('alice')
  await alice.submit('/second-factor/verify', { code: app.codeFor('alice') })
  app.clock.advance(301)
})
afterEach(() => app.close())

/** The form is stopped, and the person types a fresh code: where that leads, and what is in the form there. */
async function sendForm(headers: Record<string, string>): Promise<[unknown, unknown]> {
  const path = '/transfer-form?draft=1'
  const form = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }
  await alice.ask(path, { method: 'POST', headers: { ...form, ...headers }, body: 'to=bob' })
  await alice.submit('/second-factor/challenge')
  const answer = await alice.submit('/second-factor/verify', { code: app.codeFor('alice') })
  return [answer.headers.get('location'), (await alice.get(path)).json['kept']]
}

test.each<[string, () => Record<string, string>]>([
  ['says that it is of this origin', () => ({ 'sec-fetch-site': 'same-origin', origin: 'null' })],
  ['names its origin', () => ({ origin: app.url })],
  ['names its origin behind a proxy', () => ({ origin: 'https://shop.example' })],
])('a form to its own address that %s is filled in again', async (_what, headers) => {
  expect(await sendForm(headers())).toEqual(['/transfer-form?draft=1', { to: 'bob' }])
})

test.each<[string, Record<string, string>]>([
  ['nothing of its origin', {}],
  ['that a person typed the address', { 'sec-fetch-site': 'none' }],
  ['another site', { 'sec-fetch-site': 'cross-site', origin: 'null' }],
  ['an origin it hides, over plain http', { origin: 'null' }],
])('a form that says %s leaves nothing', async (_what, headers) => {
  expect(await sendForm(headers)).toEqual(['/account', null])
})

test('a page that hides its origin over plain http is refused by sameOrigin()', async () => {
  const headers = { accept: 'application/json', origin: 'null' }
  expectProblem(await alice.ask('/own', { method: 'POST', headers }), 'cross_site_request')
  const secure = { ...headers, 'sec-fetch-site': 'same-origin' }
  expect((await alice.ask('/own', { method: 'POST', headers: secure })).json).toEqual({
    done: true,
  })
})
