/** The second factor as a setting: a user switches it on long after the login. */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { expectProblem } from '../support/problem.js'

const phone = '/second-factor/phone'
const newPhone = '+14155550199'
const form = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }

let app: TestApp
let carol: Browser
beforeEach(async () => {
  app = await startTestApp({
    secondFactor: {
      users: {
        id: (user) => user.id,
        phone: (user) => user.phone && { number: user.phone, verified: user.verified },
        // Whoever has verified a phone has switched the second factor on.
        isRequired: (user) => user.verified,
        setVerifiedPhone(user, number) {
          Object.assign(user, { phone: number, verified: true })
        },
      },
    },
    routes(server, secondFactor) {
      server.get('/login', (req, res) => {
        res.json({ notice: secondFactor.notice(req), user: req.user ?? null })
      })
    },
  })
  carol = await app.login('carol')
  app.clock.advance(3600)
})
afterEach(() => app.close())

const logIn = (browser: Browser) =>
  browser.ask('/login', {
    method: 'POST',
    headers: form,
    body: 'username=carol&password=password',
  })

test('leads to the login with a notice, and from there back to the settings page', async () => {
  const away = await carol.page(phone)
  expect([away.status, away.headers.get('location')]).toEqual([303, '/login'])
  expect((await carol.get('/login')).json).toEqual({ notice: 'login_expired', user: null })
  const back = await logIn(carol)
  expect([back.status, back.headers.get('location')]).toEqual([303, phone])
  expect((await carol.get('/login')).json['notice']).toBeNull()

  expect((await carol.page(phone)).text).toContain('name="phone"')
  await carol.post(phone, { phone: newPhone })
  const code = app.inbox.inbox(newPhone)[0]?.code
  expect((await carol.post(`${phone}/verify`, { code })).json).toMatchObject({ status: 'verified' })
  expect(app.users.find(({ username }) => username === 'carol')).toMatchObject({ phone: newPhone })
})

test('leads back to the page of a form submitted too late', async () => {
  const away = await carol.ask(phone, {
    method: 'POST',
    headers: { ...form, referer: `${app.url}${phone}`, 'sec-fetch-site': 'same-origin' },
    body: `phone=${encodeURIComponent(newPhone)}`,
  })
  expect([away.status, away.headers.get('location')]).toEqual([303, '/login'])
  expect((await logIn(carol)).headers.get('location')).toBe(phone)
  expect(app.inbox.inbox(newPhone)).toEqual([])
})

test('tells a program that the login is too old', async () => {
  expectProblem(await carol.post(phone, { phone: newPhone }), 'login_required')
})

test('leads to the default page if only the status was requested', async () => {
  await carol.page('/second-factor/')
  expect((await logIn(carol)).headers.get('location')).toBe('/account')
})
