/** An application that checks a CSRF token on all forms, ours included: our pages carry its token. */

import { randomUUID } from 'node:crypto'

import express, { type Request, type RequestHandler } from 'express'
import { afterEach, describe, expect, test } from 'vitest'

import {
  ConfigurationError,
  consoleSender,
  createSecondFactor,
  memoryStore,
  type SecondFactorOptions,
} from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { isIn } from '../support/in-or-out.js'

declare module 'express-session' {
  interface SessionData {
    formToken?: string
  }
}

type Csrf = NonNullable<NonNullable<SecondFactorOptions<Express.User>['pages']>['csrf']>

let app: TestApp | undefined
afterEach(async () => {
  await app?.close()
  app = undefined
})

/** The token of a session, as csrf-sync keeps it. */
const tokenOf = ({ session }: Request) => (session.formToken ??= randomUUID())

/** Refuses every form without it. */
const checkForms: RequestHandler = (req, res, next) => {
  const isForm = req.is('application/x-www-form-urlencoded')
  const { 'form-token': token } = (req.body ?? {}) as Record<string, unknown>
  if (!isForm || token === tokenOf(req)) next()
  else res.status(403).send('no token')
}

const start = (csrf: Csrf) =>
  startTestApp({
    secondFactor: { logoutPath: '/logout', pages: { csrf } },
    afterSession: [express.urlencoded({ extended: false }), checkForms],
  })

test('every form carries the token, and a person can log in and out with them', async () => {
  app = await start({ token: tokenOf, field: 'form-token' })
  const alice = await app.login('alice')
  const { text } = await alice.page('/second-factor/')
  const token = /name="form-token" value="([^"]+)"/.exec(text)?.[1] ?? ''
  const forms = text.split('<form').slice(1)
  expect(forms.length).toBeGreaterThanOrEqual(4)
  const carries = `<input type="hidden" name="form-token" value="${token}" />`
  expect(forms.filter((form) => !form.includes(carries))).toEqual([])

  const code = app.codeFor('alice')
  const refused = await alice.submit('/second-factor/verify', { code })
  expect([refused.status, refused.text]).toEqual([403, 'no token'])
  const fields = { code, 'form-token': token }
  expect((await alice.submit('/second-factor/verify', fields)).status).toBe(303)
  expect(await isIn(alice)).toBe(true)
  expect((await alice.submit('/logout')).status).toBe(403)
  expect((await alice.submit('/logout', { 'form-token': token })).status).toBe(204)
})

test('a token is escaped and may be a promise', async () => {
  app = await start({ token: () => Promise.resolve('">&<script>') })
  const { text } = await (await app.login('alice')).page('/second-factor/')
  expect(text).toContain('name="_csrf" value="&quot;&gt;&amp;&lt;script&gt;"')
})

test('a GET logout form carries no token, which would otherwise appear in a URL', async () => {
  app = await startTestApp({
    secondFactor: {
      ...{ logoutPath: '/logout', logoutMethod: 'GET' },
      pages: { csrf: { token: () => 'secret-token' } },
    },
  })
  const { text } = await (await app.login('alice')).page('/second-factor/')
  expect(text).toMatch(/<form class="aside" method="get" action="\/logout">\s*<button/)
})

describe('a token that cannot be created', () => {
  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new TypeError('req.csrfToken is not a function')
      },
    ],
    ['is empty', () => ''],
    ['is missing', () => undefined],
    ['is no text', () => 7],
  ])('%s: the page is a mistake of the application, and says which', async (_name, token) => {
    app = await start({ token: token as Csrf['token'] })
    const alice = await app.login('alice')
    expect((await alice.page('/second-factor/')).status).toBe(500)
    const [fault] = app.faults
    expect(fault).toBeInstanceOf(ConfigurationError)
    expect(String(fault)).toMatch(/pages\.csrf\.token/)
  })
})

test.each<[unknown, RegExp]>([
  [{}, /pages\.csrf\.token must be a function/],
  [{ token: 'x' }, /pages\.csrf\.token must be a function/],
  [{ token: tokenOf, field: '' }, /pages\.csrf\.field/],
  [{ token: tokenOf, name: 'x' }, /pages\.csrf: name is not an option/],
])('%j is refused at once', (csrf, message) => {
  const make = () =>
    createSecondFactor({
      ...{ secret: 'x'.repeat(32), store: memoryStore(), sender: consoleSender() },
      ...{ users: { id: () => 1, phone: () => null }, pages: { csrf: csrf as Csrf } },
    })
  expect(make).toThrow(message)
})
