/** The strategy used through Passport: each option of `passport.authenticate`, on a real server. */

import type { RequestHandler } from 'express'
import { afterEach, describe, expect, test } from 'vitest'

import type { Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { challengeOf, isIn } from '../support/in-or-out.js'
import { phoneOf, rowOf } from '../support/rows.js'
import { startPassportApp, tell, type PassportApp } from './support.js'

let app: PassportApp
afterEach(() => app.close())

/** An application whose `/otp` is `passport.authenticate('second-factor', options)`. */
async function withOptions(options: object = {}): Promise<void> {
  app = await startPassportApp(({ server, passport }) => {
    server.post(
      '/otp',
      (req, _res, next) => {
        // Added by connect-flash.
        Object.assign(req, { flash: (...told: unknown[]) => flashes.push(told) })
        next()
      },
      passport.authenticate('second-factor', options) as RequestHandler,
      tell,
    )
  })
}

let flashes: unknown[]
const right = (browser: Browser) => browser.post('/otp', { code: app.codeFor('alice') })
const wrong = (browser: Browser) => browser.post('/otp', { code: wrongCode(app.codeFor('alice')) })

async function start(options: object = {}): Promise<Browser> {
  flashes = []
  await withOptions(options)
  const alice = await app.login('alice')
  await alice.post('/basket')
  return alice
}

describe('a right code', () => {
  test('reaches the next handler, with the user, what was passed and the second factor', async () => {
    const alice = await start()
    const answer = await right(alice)
    expect(answer.status).toBe(200)
    expect(answer.json).toMatchObject({
      user: 'alice',
      authInfo: { status: 'passed', method: 'sms', amr: ['pwd', 'otp', 'sms', 'mfa'] },
      secondFactor: { passed: true, method: 'sms', passedAt: app.clock.iso() },
    })
    expect(await isIn(alice)).toBe(true)
  })

  test('gives the session a new id, keeps the application’s keys, and writes the grant', async () => {
    const alice = await start()
    const old = alice.copy()
    const before = (await alice.get('/session')).json
    const answer = await right(alice)
    const after = (await alice.get('/session')).json

    expect(after['id']).not.toBe(before['id'])
    expect(answer.json['sessionId']).toBe(after['id'])
    expect(after).toMatchObject({ basket: ['tea'], passport: { user: 1 } })
    const row = await rowOf(app.store, '1')
    const { grants, failures } = row
    expect([grants.length, phoneOf(row).challenge, failures]).toEqual([1, null, 0])
    expect(after['secondFactor']).toMatchObject({ subject: '1', grantId: grants[0]?.id })
    expect(await isIn(old)).toBe(false)
  })

  test.each([
    ['successRedirect', { successRedirect: '/welcome', failureRedirect: '/otp' }],
    ['session: false', { successRedirect: '/welcome', session: false }],
    ['keepSessionInfo', { successRedirect: '/welcome', keepSessionInfo: true }],
  ])('with %s redirects after the session has passed', async (_name, options) => {
    const alice = await start(options)
    const answer = await right(alice)
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/welcome'])
    expect(await isIn(alice)).toBe(true)
    expect((await alice.get('/session')).json).toMatchObject({ basket: ['tea'] })
  })

  test('with successMessage leaves the message in the passed session', async () => {
    const alice = await start({ successRedirect: '/welcome', successMessage: 'Welcome back' })
    await right(alice)
    expect((await alice.get('/session')).json['messages']).toEqual(['Welcome back'])
    expect(await isIn(alice)).toBe(true)
  })

  test.each([
    ['a string', 'Welcome back', ['success', 'Welcome back']],
    ['a type and a string', { type: 'info', message: 'Welcome' }, ['info', 'Welcome']],
  ])('with successFlash of %s flashes it', async (_what, successFlash, flashed) => {
    await right(await start({ successRedirect: '/welcome', successFlash }))
    expect(flashes).toEqual([flashed])
  })

  test('with assignProperty assigns the user there and leaves `req.user` unchanged', async () => {
    const alice = await start({ assignProperty: 'account' })
    const answer = await right(alice)
    expect(answer.json).toMatchObject({ account: 'alice', secondFactor: { passed: true } })
    expect(await isIn(alice)).toBe(true)
  })

  test('with authInfo false leaves no `req.authInfo`', async () => {
    expect((await right(await start({ authInfo: false }))).json['authInfo']).toBeNull()
  })

  test('with successReturnToOrRedirect leads back to the page that the gate stopped', async () => {
    const alice = await start({ successReturnToOrRedirect: '/welcome' })
    await alice.page('/account?tab=2')
    const answer = await right(alice)
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/account?tab=2'])
    expect((await alice.get('/session')).json).not.toHaveProperty('returnTo')
  })

  test('with successReturnToOrRedirect leads to its own path if no gate stopped a page', async () => {
    const alice = await start({ successReturnToOrRedirect: '/welcome' })
    expect((await right(alice)).headers.get('location')).toBe('/welcome')
  })

  test('is judged again in a passed session: any other code fails', async () => {
    const alice = await start()
    const code = app.codeFor('alice')
    await right(alice)
    expect((await alice.post('/otp', { code })).status).toBe(409)
    expect((await wrong(alice)).status).toBe(409)
    expect(await isIn(alice)).toBe(true)
  })
})

describe('anything but a right code', () => {
  test('gets its own status, and `Retry-After` if waiting helps', async () => {
    const alice = await start()
    const stranger = app.browser()
    expect((await right(stranger)).status).toBe(401)
    expect((await alice.post('/otp', { code: 'x' })).status).toBe(400)
    expect((await alice.post('/otp')).status).toBe(400)
    expect((await alice.ask(`/otp?code=${app.codeFor('alice')}`, { method: 'POST' })).status).toBe(
      400,
    )
    const first = await wrong(alice)
    expect([first.status, first.text]).toEqual([403, 'Forbidden'])
    for (let n = 0; n < 4; n += 1) await wrong(alice)
    const spent = await right(alice)
    expect([spent.status, spent.headers.get('retry-after')]).toEqual([429, '30'])
    expect(await isIn(alice)).toBe(false)
    expect((await rowOf(app.store, '1')).grants).toEqual([])
  })

  test('gets 403 without being judged if another site sent it', async () => {
    const alice = await start()
    const answer = await alice.ask('/otp', {
      ...{ method: 'POST', body: `code=${app.codeFor('alice')}` },
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'cross-site',
      },
    })
    expect(answer.status).toBe(403)
    expect(challengeOf(await rowOf(app.store, '1')).attempts).toBe(0)
    expect(await isIn(alice)).toBe(false)
  })

  test('with failureRedirect redirects and stays out', async () => {
    const alice = await start({ successRedirect: '/welcome', failureRedirect: '/again' })
    const answer = await wrong(alice)
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/again'])
    expect(await isIn(alice)).toBe(false)
    expect((await right(app.browser())).headers.get('location')).toBe('/again')
  })

  test.each([
    [true, 'That code isn’t right. Check it and try again. You have 4 tries left.'],
    ['Wrong', 'Wrong'],
  ])('with failureMessage %s leaves a message in the session', async (failureMessage, message) => {
    const alice = await start({ failureRedirect: '/again', failureMessage })
    await wrong(alice)
    expect((await alice.get('/session')).json['messages']).toEqual([message])
    expect((await right(alice)).status).toBe(200)
    expect((await alice.get('/session')).json['messages']).toEqual([message])
  })

  test.each([
    [true, ['error', 'That code isn’t right. Check it and try again. You have 4 tries left.']],
    ['Wrong', ['error', 'Wrong']],
    [
      { type: 'warning' },
      ['warning', 'That code isn’t right. Check it and try again. You have 4 tries left.'],
    ],
  ])('with failureFlash %j flashes it', async (failureFlash, flashed) => {
    const given = typeof failureFlash === 'object' ? { ...failureFlash } : failureFlash
    await wrong(await start({ failureRedirect: '/again', failureFlash: given }))
    expect(flashes).toEqual([flashed])
  })

  test('with failWithError becomes an error with that status', async () => {
    const alice = await start({ failWithError: true })
    const answers = [await right(app.browser()), await wrong(alice)]
    for (let n = 0; n < 4; n += 1) await wrong(alice)
    answers.push(await right(alice))
    expect(answers.map(({ status, json }) => [status, json['error'], json['message']])).toEqual([
      [401, 'AuthenticationError', 'Unauthorized'],
      [403, 'AuthenticationError', 'Forbidden'],
      [429, 'AuthenticationError', 'Too Many Requests'],
    ])
    expect(answers[2]?.headers.get('retry-after')).toBe('30')
  })
})
