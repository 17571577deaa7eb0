/**
 * The attacker asks for a code for one purpose and spends it on another: a code sent to a phone of their
 * own, to verify it, presented as the second factor; or a sign-in code presented to verify a phone. The
 * purposes must not be interchangeable, whichever endpoint is asked.
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

test('a code for a phone is no second factor', async () => {
  const carol = await app.login('carol')
  await carol.post('/second-factor/phone', { phone: newPhone })
  const code = app.inbox.inbox(newPhone)[0]?.code ?? ''

  expect((await verify(carol, code)).json['code']).toBe('no_challenge')
  expect((await carol.post('/confirm', { code })).json['code']).toBe('no_challenge')
  expect(await isIn(carol)).toBe(false)
  expect((await rowOf(app.store, '3')).failures).toBe(0)
})

test('a sign-in code verifies no phone through the endpoint of phones', async () => {
  const alice = await passedBrowser(app, 'alice')
  await alice.post('/second-factor/challenge')
  const answer = await alice.post('/second-factor/phone/verify', { code: app.codeFor('alice') })
  expect(answer.json['code']).toBe('no_challenge')
  expect(app.events.map(({ type }) => type)).not.toContain('phone_verified')
})

test('a sign-in code asked for while a phone waits does not verify that phone', async () => {
  const erin = await app.login('erin')
  app.clock.advance(30)
  await erin.post('/second-factor/phone', { phone: newPhone })
  app.clock.advance(60)
  await app.secondFactor.reset(app.users[3] as Express.User)
  await erin.post('/second-factor/challenge')
  expect((await verify(erin, app.codeFor('erin'))).status).toBe(200)
  expect(app.users[3]).toMatchObject({ phone: '+14155550123', verified: true })
})

test('the code for a changed phone does not freshen the second factor under another name', async () => {
  const alice = await passedBrowser(app, 'alice')
  await alice.post('/second-factor/phone', { phone: newPhone })
  app.clock.advance(301)
  const code = app.inbox.inbox(newPhone)[0]?.code ?? ''
  await verify(alice, code)
  expect((await alice.post('/transfer')).json['code']).toBe('second_factor_stale')
})

test('a code is judged without a session for its own purpose only', async () => {
  const carol = await app.login('carol')
  await carol.post('/second-factor/phone', { phone: newPhone })
  const code = app.inbox.inbox(newPhone)[0]?.code ?? ''
  const answer = await app.secondFactor.verify(app.users[2] as Express.User, code)
  expect(answer).toMatchObject({ status: 'refused', code: 'no_challenge' })
})

test('a route that asks for a code lets no wrong one through, though the session has passed', async () => {
  const alice = await passedBrowser(app, 'alice')
  const used = app.codeFor('alice')
  for (const code of ['000000', used]) {
    const answer = await alice.post('/confirm', { code })
    expect(answer.json['code']).toBe('no_challenge')
  }
  await alice.post('/second-factor/challenge')
  expect((await alice.post('/confirm', { code: app.codeFor('alice') })).status).toBe(200)
})
