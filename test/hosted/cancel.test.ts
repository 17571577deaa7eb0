/**
 * Twilio has one verification per phone, and resends its code to anyone who starts another. An ended verification is
 * therefore cancelled there before a new one starts. A failing cancel never prevents the new code.
 */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { TestUser } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { startHostedApp, twilioFault, type HostedApp } from '../support/hosted-app.js'
import { alicesSubject, verify } from '../support/in-or-out.js'
import { expectProblem } from '../support/problem.js'
import { phoneOf, rowOf } from '../support/rows.js'
import type { StandInFault } from '../support/twilio-stand-in.js'

const challenge = '/second-factor/challenge'

let app: HostedApp
let alice: Browser
let user: TestUser
let first: string
beforeEach(async () => {
  app = await startHostedApp({ verify: { timeoutSeconds: 0.4 } })
  alice = await app.login('alice')
  const found = app.users.find(({ username }) => username === 'alice')
  if (found === undefined) throw new Error('there is no such user')
  user = found
  first = app.verification('alice').sid
  app.asked()
})
afterEach(async () => {
  await app.close()
  expect(app.twilio.violations).toEqual([])
})

const statusOf = (sid: string) => app.twilio.verifications.find((each) => each.sid === sid)?.status
const paths = () => app.twilio.requests.map(({ path }) => path.replace(/^.*Services\/\w+\//, ''))

describe('a new challenge cancels the old verification first', () => {
  const ways: [string, () => Promise<unknown>][] = [
    ['from another session', () => app.login('alice')],
    [
      'after its expiry',
      () => {
        app.clock.advance(400)
        return alice.post(challenge)
      },
    ],
    [
      'after its last resend',
      () => {
        app.clock.advance(241)
        return alice.post(challenge)
      },
    ],
    [
      'after its budget',
      async () => {
        for (let guess = 0; guess < 5; guess += 1) {
          await verify(alice, wrongCode(app.codeFor('alice')))
        }
        return alice.post(challenge)
      },
    ],
    ['as a requested new one', () => app.secondFactor.start(user, { renew: true })],
  ]
  test.each(ways)('%s', async (_name, again) => {
    app.clock.advance(30)
    await again()
    expect(paths().slice(-2)).toEqual([`Verifications/${first}`, 'Verifications'])
    expect(statusOf(first)).toBe('canceled')
    const { sid, code } = app.verification('alice')
    expect(sid).not.toBe(first)
    expect(phoneOf(await rowOf(app.store, alicesSubject)).challenge?.code).toEqual({
      owner: 'hosted',
      ref: sid,
    })
    expect(await app.secondFactor.verify(user, code)).toMatchObject({ status: 'passed' })
  })

  test('for a changed phone', async () => {
    app.clock.advance(30)
    user.phone = '+14155550177'
    expect((await alice.post(challenge)).json).toMatchObject({ destination: '••••77' })
    expect([app.asked().cancel, statusOf(first)]).toEqual([[first], 'canceled'])
    expect(app.verification('alice')).toMatchObject({ to: '+14155550177', status: 'pending' })
  })

  test('for the enrolment of another phone', async () => {
    await verify(alice, app.codeFor('alice'))
    await alice.post(challenge)
    const signIn = app.verification('alice')
    app.clock.advance(30)
    await alice.post('/second-factor/phone', { phone: '+14155550188' })
    expect(app.asked().cancel).toEqual([signIn.sid])
    const path = '/second-factor/phone/verify'
    const { json } = await alice.post(path, { code: wrongCode(signIn.code) })
    expect(json).toMatchObject({ code: 'code_incorrect' })
  })
})

describe('ending a challenge cancels its verification at once', () => {
  const ends: [string, () => Promise<unknown>][] = [
    ['giving it up', () => alice.delete(challenge)],
    ['a revocation', () => app.secondFactor.revoke(user)],
    ['a reset', () => app.secondFactor.reset(user)],
    ['erasing the user', () => app.secondFactor.forget(user)],
  ]
  test.each(ends)('%s', async (_name, end) => {
    const { code } = app.verification('alice')
    await end()
    expect([app.asked().cancel, statusOf(first)]).toEqual([[first], 'canceled'])
    expectProblem(await verify(alice, code), 'no_challenge')
    app.clock.advance(30)
    expect((await alice.post(challenge)).status).toBe(201)
    expect(app.verification('alice').sid).not.toBe(first)
  })

  test.each<StandInFault>([{ kind: 'hang' }, { kind: 'reset' }, twilioFault(500, 20500)])(
    'and a $kind of Twilio’s stops none of it',
    async (fault) => {
      app.twilio.script(fault)
      expect((await alice.delete(challenge)).status).toBe(204)
      expect(app.asked().cancel).toEqual([first])
      expectProblem(await verify(alice, app.codeFor('alice')), 'no_challenge')
      expect(app.asked().check).toEqual([])
    },
  )
})

test.each<[string, (user: TestUser) => Promise<unknown>]>([
  ['new attempts', (of) => app.secondFactor.resetAttempts(of)],
  ['new resends', (of) => app.secondFactor.resetResends(of)],
])('an operator who gives %s leaves the verification as it is', async (_name, give) => {
  await give(user)
  expect([app.asked().cancel, statusOf(first)]).toEqual([[], 'pending'])
  expect((await verify(alice, app.codeFor('alice'))).status).toBe(200)
})

test('a success leaves nothing to cancel', async () => {
  await verify(alice, app.codeFor('alice'))
  app.clock.advance(1)
  expect((await alice.post(challenge)).status).toBe(201)
  expect(app.asked().cancel).toEqual([])
})

describe('a cancel that fails', () => {
  test.each<StandInFault>([
    { kind: 'hang' },
    { kind: 'reset' },
    { kind: 'drip' },
    twilioFault(404, 20404),
    twilioFault(401, 20003),
    twilioFault(500, 20500),
  ])('with a $kind $status breaks no start', async (fault) => {
    app.clock.advance(30)
    app.twilio.script(fault)
    const second = app.browser()
    const login = await second.post('/login', { username: 'alice', password: 'password' })
    expect(login.json).toMatchObject({ challenge: { status: 'pending', attemptsLeft: 5 } })
    const { cancel, start } = app.asked()
    expect([cancel, start.length]).toEqual([[first], 1])
    expectProblem(await verify(alice, app.codeFor('alice')), 'no_challenge')
    expect((await verify(second, app.codeFor('alice'))).status).toBe(200)
  })
})
