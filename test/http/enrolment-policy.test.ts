/** The enrolment policy: users who must hold a factor, from when, and the responses that say so. */

import { describe, expect, test } from 'vitest'

import { consoleSender, memoryStore } from '../../src/index.js'
import { ConfigurationError } from '../../src/core/errors.js'
import { appCode } from '../support/authenticator.js'
import { textOf } from '../support/html.js'
import { mount, setUpApp, startHeldApp, type Person } from '../support/held-app.js'
import {
  beginApp,
  confirmApp,
  giveApp,
  outcomeIn,
  startWithMessages,
} from '../support/held-deeds.js'
import { isIn } from '../support/in-or-out.js'

const forget = { hasFactors: () => false, setHasFactors: () => undefined }
const id = ({ id }: Person) => id

describe('when a factor is required (the default)', () => {
  test('a login without one is led to enrolment and reaches nothing else', async () => {
    await using app = await startHeldApp()
    const jar = app.browser()
    const login = await jar.post('/login', { username: 'alice', password: 'password' })
    expect(login.json).toEqual({ next: `${mount}/` })
    const refused = await jar.get('/account')
    expect([refused.status, refused.json]).toEqual([
      403,
      {
        type: 'about:blank',
        title: 'Forbidden',
        status: 403,
        detail: expect.any(String) as string,
        code: 'second_factor_required',
        challengeUrl: `${mount}/`,
        enrolUrl: `${mount}/factors`,
      },
    ])
    expect((await jar.get(`${mount}/`)).json).toEqual({
      ...{ authenticated: true, passed: false, required: true, method: null },
      ...{ passedAt: null, expiresAt: null, methods: [], suggested: null, aal: 1 },
      enrolment: { required: true, by: null, held: [] },
      ...{ challenge: null, locked: false, lockedUntil: null },
    })
    const page = await jar.page(`${mount}/`)
    expect(page.status).toBe(200)
    expect(page.text).toContain(`href="${mount}/factors/totp"`)
  })

  test('a person who cannot set one up now can leave the login', async () => {
    await using app = await startHeldApp({ logoutPath: '/leave' })
    const jar = app.browser()
    await jar.post('/login', { username: 'alice', password: 'password' })
    const page = await jar.page(`${mount}/`)
    expect(page.text).toContain('action="/leave"')
    expect(page.text).toContain('Log in to a different account')
  })

  test('a login that can only set up a phone is led to an address that exists', async () => {
    await using app = await startHeldApp({ factors: undefined, sender: consoleSender() })
    const jar = app.browser()
    await jar.post('/login', { username: 'alice', password: 'password' })
    const { enrolUrl } = (await jar.get('/account')).json as { enrolUrl: string }
    const page = await jar.page(enrolUrl)
    expect([page.status, page.text.includes(`href="${mount}/phone"`)]).toEqual([200, true])
  })

  test('enrolling the first app passes the session without a second code', async () => {
    await using app = await startHeldApp()
    const { browser } = await setUpApp(app)
    expect(await isIn(browser)).toBe(true)
    expect((await browser.post('/transfer')).status).toBe(200)
  })

  test('a person gets half an hour for enrolment, longer than a pending login has', async () => {
    await using app = await startHeldApp()
    const jar = await app.login('alice')
    app.clock.advance(1_799)
    expect((await jar.post(`${mount}/factors/totp`, {})).status).toBe(201)
    app.clock.advance(1)
    const late = await jar.post(`${mount}/factors/totp`, {})
    expect([late.status, outcomeIn(late)]).toEqual([401, 'login_required'])
    await setUpApp(app)
    const holder = await app.login('alice')
    app.clock.advance(600)
    expect(outcomeIn(await holder.get(`${mount}/`))).toBe('login_required')
  })
})

describe('when a factor is optional', () => {
  test('a person who may go on without one is led back, and not out', async () => {
    await using app = await startHeldApp({
      enrolment: { when: 'optional' },
      logoutPath: '/leave',
    })
    const jar = app.browser()
    await jar.post('/login', { username: 'alice', password: 'password' })
    const { text } = await jar.page(`${mount}/factors`)
    expect(text).toMatch(/<a href="[^"]+">Not now<\/a>/)
    expect(text).not.toContain('action="/leave"')
  })

  test('a user without one goes on, except at a step-up, and has passed with no method', async () => {
    await using app = await startHeldApp({ enrolment: { when: 'optional' } })
    const jar = app.browser()
    const login = await jar.post('/login', { username: 'alice', password: 'password' })
    expect(login.json).toEqual({ next: '/account' })
    const account = await jar.get('/account')
    expect(account.json).toMatchObject({ secondFactor: { passed: false, method: null } })
    expect((await jar.post('/transfer')).json).toMatchObject({
      code: 'second_factor_required',
      enrolUrl: `${mount}/factors`,
    })
    expect((await jar.get(`${mount}/`)).json).toMatchObject({
      required: false,
      passed: false,
      enrolment: { required: false, by: null, held: [] },
    })
  })

  test('a user with one is still asked for it', async () => {
    await using app = await startHeldApp({ enrolment: { when: 'optional' } })
    const { code } = await setUpApp(app)
    app.clock.advance(60)
    const jar = await app.login('alice')
    const refused = await jar.get('/account')
    expect(refused.json).toMatchObject({ code: 'second_factor_required' })
    expect(refused.json).not.toHaveProperty('enrolUrl')
    expect((await jar.get(`${mount}/`)).json).toMatchObject({
      required: true,
      enrolment: { required: false, held: ['totp'] },
    })
    await giveApp(jar, code())
    expect(await isIn(jar)).toBe(true)
  })

  test('a user who enrols one is also asked for it in earlier sessions', async () => {
    await using app = await startHeldApp({ enrolment: { when: 'optional' } })
    const other = await app.login('alice')
    expect(await isIn(other)).toBe(true)
    await setUpApp(app)
    expect(await isIn(other)).toBe(false)
  })
})

describe('when a function decides', () => {
  test('decides for each user', async () => {
    await using app = await startHeldApp({
      enrolment: { when: (user) => (user.username === 'alice' ? 'required' : 'optional') },
    })
    expect(await isIn(await app.login('alice'))).toBe(false)
    expect(await isIn(await app.login('bob'))).toBe(true)
  })

  test.each([undefined, null, true, 'Required', {}])(
    'returning %j opens nothing and is reported as an application error',
    async (answer) => {
      await using app = await startHeldApp({ enrolment: { when: () => answer as never } })
      const jar = app.browser()
      await jar.post('/login', { username: 'alice', password: 'password' })
      const { status } = await jar.get('/account')
      expect(status).toBeGreaterThanOrEqual(400)
      expect(app.faults.some((fault) => fault instanceof ConfigurationError)).toBe(true)
    },
  )

  test('throwing or timing out opens nothing', async () => {
    await using app = await startHeldApp({
      enrolment: {
        when: () => {
          throw new Error('no')
        },
      },
    })
    const jar = await app.login('alice')
    const answer = await jar.get('/account')
    expect([answer.status, outcomeIn(answer)]).toEqual([503, 'store_unavailable'])
  })
})

test('users.isRequired makes the factor optional for a user it waives', async () => {
  await using app = await startHeldApp({
    users: { id, ...forget, isRequired: ({ username }) => username !== 'alice' },
  })
  const alice = await app.login('alice')
  expect(await isIn(alice)).toBe(true)
  expect(await isIn(await app.login('bob'))).toBe(false)
  const { setup, secret } = await beginApp(alice)
  expect(outcomeIn(await confirmApp(alice, setup, appCode(secret, app.clock.now)))).toBe('enrolled')
  expect(await isIn(await app.login('alice'))).toBe(false)
  const { factors } = (await alice.get(`${mount}/factors`)).json as { factors: [{ id: string }] }
  expect((await alice.delete(`${mount}/factors/${factors[0].id}`)).status).toBe(204)
  expect(await isIn(await app.login('alice'))).toBe(true)
})

test('a phone that the application has counts as a factor, so nothing has to be enrolled', async () => {
  await using app = await startWithMessages()
  const jar = app.browser()
  const login = await jar.post('/login', { username: 'alice', password: 'password' })
  expect(login.json).toMatchObject({ next: `${mount}/`, challenge: { method: 'sms' } })
  expect((await jar.get(`${mount}/`)).json).toMatchObject({
    methods: ['sms'],
    suggested: 'sms',
    enrolment: { required: true, held: ['phone'] },
  })
  const begun = await jar.post(`${mount}/factors/totp`, {})
  expect(outcomeIn(begun)).toBe('second_factor_required')
})

describe('during a grace period', () => {
  const graceSeconds = 14 * 86_400

  test('every response and page states the deadline', async () => {
    await using app = await startHeldApp({ enrolment: { graceSeconds } })
    const jar = await app.login('alice')
    expect(await isIn(jar)).toBe(true)
    expect((await jar.get(`${mount}/`)).json).toMatchObject({
      required: true,
      enrolment: { required: true, by: app.clock.iso(graceSeconds), held: [] },
    })
    for (const path of ['/', '/factors']) {
      const page = await jar.page(mount + path)
      expect(textOf(page.text)).toContain('Jan 15, 2026')
    }
  })

  test('the only write is at the first login that asks for a factor', async () => {
    const store = memoryStore()
    let writes = 0
    const counted = {
      ...store,
      compareAndSwap: (...swap: Parameters<typeof store.compareAndSwap>) => {
        writes += 1
        return store.compareAndSwap(...swap)
      },
    }
    await using app = await startHeldApp({ store: counted, enrolment: { graceSeconds } })
    await app.login('alice')
    expect(writes).toBe(1)
    const jar = await app.login('alice')
    await jar.get('/account')
    expect(writes).toBe(1)
  })

  test('it ends with the first factor', async () => {
    await using app = await startHeldApp({ enrolment: { graceSeconds } })
    const { browser } = await setUpApp(app)
    expect((await browser.get(`${mount}/`)).json).toMatchObject({
      enrolment: { required: true, by: null, held: ['totp'] },
    })
    expect(await isIn(await app.login('alice'))).toBe(false)
  })
})
