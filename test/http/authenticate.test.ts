/** `authenticate()`: an application route that takes the code. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { expectProblem, expectRefusalPage } from '../support/problem.js'

let app: TestApp
let alice: Browser
/** The number of times the route's own handler ran. */
let reached: number
beforeEach(async () => {
  reached = 0
  app = await startTestApp({
    routes: (express, secondFactor) => {
      express.post('/pay', secondFactor.authenticate(), (req, res) => {
        reached += 1
        res.json({ paid: true, secondFactor: req.secondFactor })
      })
    },
  })
  alice = await app.login('alice')
})
afterEach(() => app.close())

test('the right code reaches the next handler in a passed session', async () => {
  const answer = await alice.post('/pay', { code: app.codeFor('alice') })
  expect([answer.status, answer.json]).toEqual([
    200,
    {
      paid: true,
      secondFactor: {
        ...{ passed: true, method: 'sms', amr: ['pwd', 'otp', 'sms', 'mfa'] },
        passedAt: app.clock.iso(),
      },
    },
  ])
  expect((await alice.get('/account')).status).toBe(200)
})

describe('no other request reaches the next handler', () => {
  test.each<[string, () => Promise<void>]>([
    [
      'with a wrong code',
      async () => {
        const wrong = await alice.post('/pay', { code: wrongCode(app.codeFor('alice')) })
        expectProblem(wrong, 'code_incorrect', { attemptsLeft: 4 })
      },
    ],
    [
      'with no code',
      async () => {
        expectProblem(await alice.post('/pay'), 'malformed_request')
      },
    ],
    [
      'with the code in the query',
      async () => {
        const path = `/pay?code=${app.codeFor('alice')}`
        expectProblem(await alice.post(path), 'malformed_request')
      },
    ],
    [
      'without a login',
      async () => {
        expectProblem(await app.browser().post('/pay', { code: '123456' }), 'login_required')
      },
    ],
    [
      'from another site',
      async () => {
        const headers = { accept: 'application/json', 'sec-fetch-site': 'cross-site' }
        const answer = await alice.ask('/pay', { method: 'POST', headers })
        expectProblem(answer, 'cross_site_request')
      },
    ],
    [
      'with a code a second time',
      async () => {
        const code = app.codeFor('alice')
        await alice.post('/pay', { code })
        reached = 0
        expectProblem(await alice.post('/pay', { code }), 'no_challenge')
      },
    ],
    [
      'as a form with a wrong code',
      async () => {
        const wrong = await alice.submit('/pay', { code: wrongCode(app.codeFor('alice')) })
        expectRefusalPage(wrong, 'code_incorrect', /You have 4 tries left/)
      },
    ],
  ])('%s', async (_name, send) => {
    await send()
    expect(reached).toBe(0)
  })
})
