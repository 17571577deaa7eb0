/**
 * Somebody does not want to enrol a factor, and has a grace period that ends. They log in again, clear their cookies,
 * set up an app and remove it, ask an operator for a reset, or use another client. Nothing renews it.
 */

import { expect, test } from 'vitest'

import { appCode } from '../support/authenticator.js'
import type { Browser } from '../support/browser.js'
import { mount, startHeldApp, type HeldApp } from '../support/held-app.js'
import { beginApp, confirmApp, heldIds, outcomeIn } from '../support/held-deeds.js'
import { isIn } from '../support/in-or-out.js'

const graceSeconds = 14 * 86_400
const day = 86_400

async function byOf(browser: Browser): Promise<unknown> {
  const { enrolment } = (await browser.get(`${mount}/`)).json as { enrolment: { by: unknown } }
  return enrolment.by
}

const login = (app: HeldApp) => app.login('alice')

test('starts at the first login, and no later login moves its end', async () => {
  await using app = await startHeldApp({ enrolment: { graceSeconds } })
  const by = app.clock.iso(graceSeconds)
  expect(await byOf(await login(app))).toBe(by)
  for (let nth = 0; nth < 13; nth += 1) {
    app.clock.advance(day)
    const jar = await login(app)
    expect(await isIn(jar)).toBe(true)
    expect(await byOf(jar)).toBe(by)
  }
  app.clock.advance(day - 1)
  expect(await isIn(await login(app))).toBe(true)
  app.clock.advance(1)
  const late = await login(app)
  expect(await isIn(late)).toBe(false)
  expect((await late.get('/account')).json).toMatchObject({
    code: 'second_factor_required',
    enrolUrl: `${mount}/factors`,
  })
})

test('ends the sessions it let in', async () => {
  await using app = await startHeldApp({
    enrolment: { graceSeconds: 300 },
    policy: { pendingSeconds: 600 },
  })
  const jar = await login(app)
  expect(await isIn(jar)).toBe(true)
  app.clock.advance(300)
  expect(await isIn(jar)).toBe(false)
})

test('an operator’s reset, a revocation and a new session id leave its end unchanged', async () => {
  await using app = await startHeldApp({ enrolment: { graceSeconds } })
  const by = app.clock.iso(graceSeconds)
  const alice = { id: 1, username: 'alice' }
  await login(app)
  app.clock.advance(day)
  await app.secondFactor.reset(alice)
  await app.secondFactor.revoke(alice)
  expect(await byOf(await login(app))).toBe(by)
})

test('enrolling a factor that an operator then removes leaves its end unchanged', async () => {
  await using app = await startHeldApp({ enrolment: { graceSeconds } })
  const by = app.clock.iso(graceSeconds)
  const jar = await login(app)
  const { setup, secret } = await beginApp(jar)
  expect(outcomeIn(await confirmApp(jar, setup, appCode(secret, app.clock.now)))).toBe('enrolled')
  const [id = ''] = await heldIds(jar)
  app.clock.advance(day)
  await app.secondFactor.removeFactor({ id: 1, username: 'alice' }, id)
  const again = await login(app)
  expect([by, null]).toContain(await byOf(again))
})

test('loosening the policy for a while and tightening it again does not restart it', async () => {
  let when: 'optional' | 'required' = 'required'
  await using app = await startHeldApp({ enrolment: { when: () => when, graceSeconds } })
  const by = app.clock.iso(graceSeconds)
  expect(await byOf(await login(app))).toBe(by)
  app.clock.advance(day)
  when = 'optional'
  expect(await byOf(await login(app))).toBeNull()
  app.clock.advance(day)
  when = 'required'
  expect(await byOf(await login(app))).toBe(by)
})

test('a shortened grace period takes effect at once', async () => {
  await using app = await startHeldApp({ enrolment: { graceSeconds } })
  await login(app)
  app.clock.advance(2 * day)
  await using tightened = await startHeldApp({
    store: app.store,
    enrolment: { graceSeconds: day },
  })
  tightened.clock.now = app.clock.now
  expect(await isIn(await login(tightened))).toBe(false)
  await using loosened = await startHeldApp({
    store: app.store,
    enrolment: { graceSeconds: 3 * day },
  })
  loosened.clock.now = app.clock.now
  expect(await byOf(await login(loosened))).toBe(app.clock.iso(day))
})

test('passes no step-up, for any kind of client', async () => {
  await using app = await startHeldApp({ enrolment: { graceSeconds } })
  const jar = await login(app)
  const answer = await jar.post('/transfer')
  expect([answer.status, answer.json]).toEqual([
    403,
    expect.objectContaining({ code: 'second_factor_required', enrolUrl: `${mount}/factors` }),
  ])
  const form = await jar.submit('/transfer')
  expect([form.status, form.headers.get('location')]).toEqual([303, `${mount}/`])
})

test('applies to programs as it does to browsers', async () => {
  await using app = await startHeldApp({ enrolment: { graceSeconds: 1 } })
  await login(app)
  app.clock.advance(1)
  const jar = await login(app)
  expect((await jar.get('/account')).status).toBe(403)
  const page = await jar.page('/account')
  expect([page.status, page.headers.get('location')]).toEqual([303, `${mount}/`])
  expect((await jar.get(`${mount}/`)).json).toMatchObject({
    required: true,
    enrolment: { required: true, held: [] },
  })
})
