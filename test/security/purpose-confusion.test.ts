/**
 * The attacker asks for a code for one purpose and uses it for another: a code sent to verify their own phone,
 * presented as the second factor; or a sign-in code presented to verify a phone. Purposes must not be interchangeable,
 * at any endpoint.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { isIn, passedBrowser, verify } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

const newPhone = '+14155550199'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp({
    routes(server, secondFactor) {
      server.post('/confirm', secondFactor.authenticate(), (_req, res) => {
        res.json({ confirmed: true })
      })
    },
  })
})
afterEach(() => app.close())

test('a phone verification code is not a second factor', async () => {
  const carol = await app.login('carol')
  await carol.post('/second-factor/phone', { phone: newPhone })
  const code = app.inbox.inbox(newPhone)[0]?.code ?? ''

  expect((await verify(carol, code)).json['code']).toBe('no_challenge')
  expect((await carol.post('/confirm', { code })).json['code']).toBe('no_challenge')
  expect(await isIn(carol)).toBe(false)
  expect((await rowOf(app.store, '3')).failures).toBe(0)
})

test('a sign-in code verifies no phone at the phone endpoint', async () => {
  const alice = await passedBrowser(app, 'alice')
  await alice.post('/second-factor/challenge')
  const answer = await alice.post('/second-factor/phone/verify', { code: app.codeFor('alice') })
  expect(answer.json['code']).toBe('no_challenge')
  expect(app.events.map(({ type }) => type)).not.toContain('phone_verified')
})

test('a sign-in code requested while a phone is pending does not verify that phone', async () => {
  const erin = await app.login('erin')
  app.clock.advance(30)
  await erin.post('/second-factor/phone', { phone: newPhone })
  app.clock.advance(60)
  await app.secondFactor.reset(app.users[3] as Express.User)
  await erin.post('/second-factor/challenge')
  expect((await verify(erin, app.codeFor('erin'))).status).toBe(200)
  expect(app.users[3]).toMatchObject({ phone: '+14155550123', verified: true })
})

test('the code for a phone change does not refresh the second factor', async () => {
  const alice = await passedBrowser(app, 'alice')
  await alice.post('/second-factor/phone', { phone: newPhone })
  app.clock.advance(301)
  const code = app.inbox.inbox(newPhone)[0]?.code ?? ''
  await verify(alice, code)
  expect((await alice.post('/transfer')).json['code']).toBe('second_factor_stale')
})

test('without a session a code is judged for its own purpose only', async () => {
  const carol = await app.login('carol')
  await carol.post('/second-factor/phone', { phone: newPhone })
  const code = app.inbox.inbox(newPhone)[0]?.code ?? ''
  const answer = await app.secondFactor.verify(app.users[2] as Express.User, code)
  expect(answer).toMatchObject({ status: 'refused', code: 'no_challenge' })
})

test('a route that takes a code refuses a wrong one even if the session has passed', async () => {
  const alice = await passedBrowser(app, 'alice')
  const used = app.codeFor('alice')
  for (const code of ['000000', used]) {
    const answer = await alice.post('/confirm', { code })
    expect(answer.json['code']).toBe('no_challenge')
  }
  await alice.post('/second-factor/challenge')
  expect((await alice.post('/confirm', { code: app.codeFor('alice') })).status).toBe(200)
})
