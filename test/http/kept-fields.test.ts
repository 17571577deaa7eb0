/** A form that the gate stopped: after the code the person is back on its page, with the fields as typed. */

import express, { type Request } from 'express'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.js'
import type { Answer, Browser } from '../support/browser.js'
import { expectProblem, expectRefusalPage, expectRefusedForm } from '../support/problem.js'

const challengeUrl = '/second-factor/'
const keepFields = ['to', 'amount']

let app: TestApp
let arrived: () => void
let release: () => void
let arrival: Promise<void>
let released: Promise<void>

const routes: TestAppOptions['routes'] = (server, secondFactor) => {
  const step = secondFactor.gate({ maxAgeSeconds: 300, keepFields })
  server.get(['/form', '/form/other'], (req: Request, res) => {
    res.json({ kept: secondFactor.keptFields(req) })
  })
  server.post('/unparsed', step, (_req, res) => res.json({ done: true }))
  server.post('/slow', step, async (_req, res) => {
    arrived()
    await released
    res.json({ done: true })
  })
  server.post('/parsed', express.urlencoded({ extended: true }), step, (_req, res) => {
    res.json({ done: true })
  })
}

beforeEach(async () => {
  arrival = new Promise((resolve) => (arrived = resolve))
  released = new Promise((resolve) => (release = resolve))
  app = await startTestApp({ routes })
})
afterEach(() => app.close())

const typed = { to: 'bob', amount: '12.50', password: 'secret' }

/** Posts a form as the browser of somebody who has this page open. */
function post(
  browser: Browser,
  path: string,
  fields: Record<string, string> = typed,
  referer = `${app.url}/form?tab=2`,
): Promise<Answer> {
  return browser.ask(path, {
    method: 'POST',
    headers: {
      ...{ accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', referer },
      'sec-fetch-site': 'same-origin',
    },
    body: new URLSearchParams(fields).toString(),
  })
}

const keptOn = async (browser: Browser, path: string) => (await browser.get(path)).json['kept']

async function confirmAgain(browser: Browser): Promise<Answer> {
  await browser.post('/second-factor/challenge')
  return browser.submit('/second-factor/verify', { code: app.codeFor('alice') })
}

describe.each(['/unparsed', '/parsed'])('a form posted to %s', (path) => {
  let alice: Browser
  beforeEach(async () => {
    alice = await app.login('alice')
    await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
    app.clock.advance(301)
  })

  test('is interrupted by the code page, and filled in again afterwards', async () => {
    const stopped = await post(alice, path)
    const page = await expectRefusedForm(alice, stopped, /enter a new code/)
    expect(page.text).toContain('action="/second-factor/challenge"')
    const confirmed = await confirmAgain(alice)
    expect([confirmed.status, confirmed.headers.get('location')]).toEqual([303, '/form?tab=2'])
    expect(await keptOn(alice, '/form?tab=2')).toEqual({ to: 'bob', amount: '12.50' })
    // Again, for a reload; but on no other page.
    expect(await keptOn(alice, '/form?tab=2')).toEqual({ to: 'bob', amount: '12.50' })
    expect(await keptOn(alice, '/form')).toBeNull()
    expect(await keptOn(alice, '/form/other')).toBeNull()
  })

  test('is discarded once it has been accepted', async () => {
    await post(alice, path)
    await confirmAgain(alice)
    expect((await post(alice, path)).json).toEqual({ done: true })
    expect(await keptOn(alice, '/form?tab=2')).toBeNull()
  })

  test('is replaced by the next form that is stopped', async () => {
    await post(alice, path)
    await post(alice, path, { to: 'carol' })
    expect(await keptOn(alice, '/form?tab=2')).toEqual({ to: 'carol' })
    app.clock.advance(12 * 3600)
    await alice.page('/account')
    expect(await keptOn(alice, '/form?tab=2')).toBeNull()
  })

  test('leaves nothing if it is too large or empty', async () => {
    for (const fields of [{ to: 'x'.repeat(4097) }, { other: 'x' }, {}] as (typeof typed)[]) {
      await post(alice, path, fields)
      expect(await keptOn(alice, '/form?tab=2')).toBeNull()
    }
  })

  test('is discarded when the login ends', async () => {
    await post(alice, path)
    await alice.post('/login', { username: 'alice', password: 'password' })
    expect(await keptOn(alice, '/form?tab=2')).toBeNull()
    await alice.post('/login', { username: 'bob', password: 'password' })
    expect(await keptOn(alice, '/form?tab=2')).toBeNull()
  })

  test('is not kept for a program, which has its own copy', async () => {
    expectProblem(await alice.post(path, typed), 'second_factor_stale', { challengeUrl })
    expect(await keptOn(alice, '/form')).toBeNull()
  })
})

test('a form stopped before the first code leads back as well', async () => {
  const alice = await app.login('alice')
  const stopped = await post(alice, '/unparsed')
  await expectRefusedForm(alice, stopped, /with a code first/)
  const confirmed = await alice.submit('/second-factor/verify', { code: app.codeFor('alice') })
  expect(confirmed.headers.get('location')).toBe('/form?tab=2')
  expect(await keptOn(alice, '/form?tab=2')).toEqual({ to: 'bob', amount: '12.50' })
})

test('nothing is kept for a request without a login', async () => {
  const nobody = app.browser()
  expectRefusalPage(await post(nobody, '/unparsed'), 'login_required', /Log in with your password/)
  expect(await keptOn(nobody, '/form?tab=2')).toBeNull()
})

test('the page says that a fresh code is needed for as long as that is true', async () => {
  const alice = await app.login('alice')
  await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
  app.clock.advance(301)
  await post(alice, '/unparsed')
  const page = await alice.page(challengeUrl)
  expect(page.text).toContain('For your security, enter a new code before you continue.')
  expect(page.text).not.toContain('You’ve confirmed it’s you.')
  expect((await alice.get(challengeUrl)).json).toMatchObject({ passed: true })
  await confirmAgain(alice)
  expect((await alice.page(challengeUrl)).text).toContain('You’ve confirmed it’s you.')
})

describe('a session that ends meanwhile stays ended', () => {
  const userOf = async (browser: Browser) => (await browser.get('/profile')).json['user']

  test('while the gate stops a form', async () => {
    const alice = await app.login('alice')
    const old = alice.copy()
    const slow = new ReadableStream({
      async pull(body) {
        body.enqueue(new TextEncoder().encode('to=bob'))
        arrived()
        await released
        body.close()
      },
    })
    const answer = old.copy().ask('/unparsed', {
      method: 'POST',
      headers: {
        ...{ accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
        ...{ referer: `${app.url}/form`, 'sec-fetch-site': 'same-origin' },
      },
      body: slow,
    })
    await arrival
    await alice.post('/logout')
    release()
    expect((await answer).status).toBe(403)
    expect(await userOf(old)).toBeNull()
  })

  test('while an accepted form is being processed', async () => {
    const alice = await app.login('alice')
    await post(alice, '/slow')
    await alice.submit('/second-factor/verify', { code: app.codeFor('alice') })
    const old = alice.copy()
    const answer = post(old.copy(), '/slow')
    await arrival
    await alice.post('/logout')
    release()
    expect((await answer).json).toEqual({ done: true })
    expect(await userOf(old)).toBeNull()
  })
})
