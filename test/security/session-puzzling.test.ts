/**
 * The attacker has only the password, and the application has a bug that lets them write into their own session
 * (`Object.assign(req.session, req.body)`), including this package's key. Whatever they write, the session is not in:
 * a grant counts only if the store has it for this user.
 */

import express from 'express'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { challengeOf, isIn, passedBrowser, verify } from '../support/in-or-out.js'
import { phoneOf, rowOf } from '../support/rows.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp({
    routes(server) {
      server.post('/settings', express.json(), (req, res) => {
        Object.assign(req.session, req.body)
        res.sendStatus(204)
      })
    },
  })
})
afterEach(() => app.close())

const records: [string, unknown][] = [
  ['a flag', { passed: true, verified: true, subject: '1' }],
  ['an invented grant', { subject: '1', grantId: 'AAAAAAAAAAAAAAAAAAAAAA', loginAt: 0 }],
  ['a grant that is a list', { subject: '1', grantId: [], loginAt: 0 }],
  ['a grant that is an object', { subject: '1', grantId: { $ne: null } }],
  ['a grant that is null', { subject: '1', grantId: null }],
  ['a grant that is a flag', { subject: '1', grantId: true }],
  ['a grant named like a property', { subject: '1', grantId: '__proto__' }],
  ['a login without end', { subject: '1', loginAt: 1e300 }],
  ['a login that is a string', { subject: '1', loginAt: 'tomorrow' }],
  ['a login that is an object', { subject: '1', loginAt: {} }],
  ['null', null],
  ['a string', 'passed'],
  ['a number', 1],
  ['true', true],
  ['a list', [{ passed: true }]],
]

test.each(records)(
  'a record that is %s lets nobody in and breaks nothing',
  async (_what, record) => {
    const attacker = await app.login('alice')
    await attacker.post('/settings', { secondFactor: record, passed: true, grantId: 'x' })

    expect(await isIn(attacker)).toBe(false)
    expect((await attacker.get('/account')).status).toBeLessThan(500)
    expect((await attacker.get('/second-factor/')).status).toBeLessThan(500)
    expect((await attacker.post('/transfer')).status).toBeLessThan(500)
    expect(app.faults).toEqual([])
  },
)

test('another user’s leaked grant id lets nobody in', async () => {
  await passedBrowser(app, 'alice')
  const [grant] = (await rowOf(app.store, '1')).grants
  const bob = await app.login('bob')
  for (const subject of ['1', '2']) {
    await bob.post('/settings', { secondFactor: { subject, grantId: grant?.id, loginAt: 1 } })
    expect(await isIn(bob)).toBe(false)
  }
})

test('an invented grant does not count although the user has a real one in another session', async () => {
  await passedBrowser(app, 'alice')
  const attacker = await app.login('alice')
  for (const grantId of ['AAAAAAAAAAAAAAAAAAAAAA', '', '0', 0, null, [], {}]) {
    await attacker.post('/settings', { secondFactor: { subject: '1', grantId, loginAt: 1 } })
    expect(await isIn(attacker)).toBe(false)
  }
})

test('a forged login does not stay pending longer than a real one', async () => {
  const attacker = await app.login('alice')
  app.clock.advance(3600)
  const text = String(app.clock.now - 1000)
  for (const loginAt of [text, app.clock.now + 86_400_000, 1e300, 'NaN', null, {}, []]) {
    await attacker.post('/settings', { secondFactor: { subject: '1', loginAt } })
    expect((await attacker.post('/second-factor/challenge')).status).toBe(401)
  }
  expect(app.inbox.inbox()).toHaveLength(1)
})

test.each(['//evil.example', 'https://evil.example', 'javascript:alert(1)', '/\\evil', {}, 7])(
  'a forged return path does not leave the origin: %j',
  async (returnTo) => {
    const victim = await app.login('alice')
    const { sessionKey: key } = challengeOf(await rowOf(app.store, '1'))
    const secondFactor = { subject: '1', loginAt: app.clock.now, key, returnTo }
    await victim.post('/settings', { secondFactor })
    expect((await victim.page('/second-factor/')).text).not.toMatch(/evil|javascript:/)
    const passed = await verify(victim, app.codeFor('alice'))
    expect(passed.json['returnTo']).toBe('/account')
    expect((await victim.page('/second-factor/')).text).not.toMatch(/evil|javascript:/)
  },
)

test('phone verification and sign-in share no session field that could be confused', async () => {
  const carol = await app.login('carol')
  await carol.post('/second-factor/phone', { phone: '+14155550199' })
  const before = await rowOf(app.store, '3')
  const { id, sessionKey: key, purpose } = challengeOf(before)
  expect([before.grants, purpose]).toEqual([[], 'enrolment'])
  const ids = { key, grantId: id }
  await carol.post('/settings', { secondFactor: { subject: '3', loginAt: app.clock.now, ...ids } })
  expect(await isIn(carol)).toBe(false)
  const code = app.inbox.inbox()[0]?.code ?? ''
  expect((await verify(carol, code)).json['code']).toBe('no_challenge')
  expect(await isIn(carol)).toBe(false)

  await carol.post('/second-factor/phone/verify', { code })
  const after = await rowOf(app.store, '3')
  expect([after.grants.length, phoneOf(after).challenge]).toEqual([1, null])
  expect(await isIn(carol)).toBe(true)
})
