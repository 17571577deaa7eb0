/**
 * Not an attacker, but looks like one: a person who clicks twice, goes back and submits again, or has the browser
 * repeat a request. They must end up in, once, without a counted failure, a lock or an error.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { inParallel } from '../../src/testing/contract-fixtures.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { isIn, verify } from '../support/in-or-out.js'
import { phoneOf, rowOf } from '../support/rows.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

async function expectOneQuietPass(): Promise<void> {
  const row = await rowOf(app.store, '1')
  expect([row.grants.length, row.failures, phoneOf(row).challenge]).toEqual([1, 0, null])
  expect(app.faults).toEqual([])
}

test('two clicks at once leave the person in', async () => {
  const alice = await app.login('alice')
  const code = app.codeFor('alice')
  const answers = await inParallel(2, () => alice.submit('/second-factor/verify', { code }))
  expect(answers.map(({ status }) => status)).toContain(303)
  expect(answers.filter(({ status }) => status >= 500)).toEqual([])
  expect(await isIn(alice)).toBe(true)
  await expectOneQuietPass()
})

test('a second click with the old cookie, after the first has passed, does no harm', async () => {
  const alice = await app.login('alice')
  const code = app.codeFor('alice')
  const second = alice.copy()
  await alice.submit('/second-factor/verify', { code })
  const late = await second.submit('/second-factor/verify', { code })
  expect(late.status).toBeLessThan(500)
  expect(late.headers.getSetCookie()).toEqual([])
  expect(await isIn(alice)).toBe(true)
  await expectOneQuietPass()
})

test('going back and submitting the code again gets the same response', async () => {
  const alice = await app.login('alice')
  const code = app.codeFor('alice')
  const first = await verify(alice, code)
  for (let n = 0; n < 15; n += 1) {
    const again = await verify(alice, code)
    expect([again.status, again.json]).toEqual([200, first.json])
  }
  await alice.page('/second-factor/')
  expect((await alice.submit('/second-factor/verify', { code })).headers.get('location')).toBe(
    '/account',
  )
  expect(await isIn(alice)).toBe(true)
  await expectOneQuietPass()
})

test('a phone verified by two clicks is saved once', async () => {
  const carol = await app.login('carol')
  await carol.post('/second-factor/phone', { phone: '+14155550199' })
  const code = app.inbox.inbox()[0]?.code
  const answers = await inParallel(2, () => carol.post('/second-factor/phone/verify', { code }))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(app.events.filter(({ type }) => type === 'phone_verified')).toHaveLength(1)
  expect(await isIn(carol)).toBe(true)
})

test('two clicks on "send" send one message', async () => {
  const alice = await app.login('alice')
  app.clock.advance(30)
  const answers = await inParallel(2, () => alice.submit('/second-factor/challenge'))
  expect(answers.map(({ status }) => status)).toEqual([303, 303])
  expect(app.inbox.inbox()).toHaveLength(2)
})

test('20 requests at once leave the person in, in that session only', async () => {
  const session = { resave: true, rolling: true, saveUninitialized: true }
  const eager = await startTestApp({ session })
  try {
    const alice = await eager.login('alice')
    await verify(alice, eager.codeFor('alice'))
    const pending = await eager.login('bob')
    const paths = ['/account', '/profile', '/second-factor/', '/nothing']
    await inParallel(20, async (n) => {
      await alice.get(paths[n % 4] ?? '/')
      await alice.page(paths[n % 4] ?? '/')
      await pending.page(paths[n % 4] ?? '/')
    })
    expect((await alice.get('/account')).json['account']).toBe('alice')
    expect((await alice.post('/transfer')).status).toBe(200)
    expect((await pending.get('/account')).status).toBe(403)
  } finally {
    await eager.close()
  }
})
