/**
 * The attacker knows a person's phone, not the password. A vendor keeps one verification per phone, so the attacker
 * starts it from an account of their own, or without any, and cancels it or guesses wrong: the person's right code
 * must still pass, and what the vendor has not judged must never lock the person out.
 */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { forSubject } from '../../src/index.js'
import type { Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { startHostedApp, type HostedApp } from '../support/hosted-app.js'
import { alicesSubject, isIn, verify } from '../support/in-or-out.js'
import { expectProblem } from '../support/problem.js'
import { rowOf } from '../support/rows.js'

const alices = '+237671234567'
const challenge = '/second-factor/challenge'

let app: HostedApp
let stranger: Browser
beforeEach(async () => {
  app = await startHostedApp({
    secondFactor: {
      users: {
        id: ({ id }) => id,
        phone: (user) => user.phone && { number: user.phone, verified: user.verified },
        setVerifiedPhone: () => undefined,
        findByPhone: (phone) => app.users.find((user) => user.phone === phone) ?? null,
      },
    },
    routes: (express, secondFactor) => {
      express.use('/otp', secondFactor.phoneVerificationRouter())
    },
  })
  stranger = await app.login('carol')
})
afterEach(async () => {
  await app.close()
  expect(app.twilio.violations).toEqual([])
})

const userOf = (username: string) => {
  const user = app.users.find((each) => each.username === username)
  if (user === undefined) throw new Error('there is no such user')
  return user
}

const attacks: [string, () => Promise<unknown>][] = [
  [
    'enrols her phone and gives up',
    async () => {
      const { status } = await stranger.post('/second-factor/phone', { phone: alices })
      expect(status).toBe(201)
      await stranger.delete(challenge)
    },
  ],
  [
    'registers with her phone, and asks again and again',
    async () => {
      userOf('erin').phone = alices
      const erin = await app.login('erin')
      await erin.delete(challenge)
      app.clock.advance(30)
      await erin.post(challenge)
      await erin.delete(challenge)
    },
  ],
  [
    'registers with her phone and deletes the account',
    async () => {
      await stranger.post('/otp/generate', { phone_number: alices })
      userOf('erin').phone = alices
      await app.login('erin')
      await app.secondFactor.forget(userOf('erin'))
    },
  ],
  [
    'has all that runs for his own account revoked and reset',
    async () => {
      await stranger.post('/second-factor/phone', { phone: alices })
      await app.secondFactor.revoke(userOf('carol'))
      await app.secondFactor.reset(userOf('carol'))
    },
  ],
  [
    'asks without a login, and an operator resets that row',
    async () => {
      await stranger.post('/otp/generate', { phone_number: alices })
      await app.secondFactor.reset(forSubject(`tel:${alices}`))
    },
  ],
]

describe('a stranger who shares her verification', () => {
  test.each(attacks)('%s: her code passes', async (_how, attack) => {
    const alice = await app.login('alice')
    const code = app.codeFor('alice')
    await attack()
    expect((await verify(alice, code)).status).toBe(200)
    expect(await isIn(alice)).toBe(true)
  })

  test('and began it before her login: her code passes', async () => {
    await stranger.post('/second-factor/phone', { phone: alices })
    const alice = await app.login('alice')
    await stranger.delete(challenge)
    expect((await verify(alice, app.codeFor('alice'))).status).toBe(200)
  })

  test('is shut out again: once she has cancelled, her next code is a new one', async () => {
    await stranger.post('/second-factor/phone', { phone: alices })
    await stranger.delete(challenge)
    const first = app.verification('alice').sid
    await app.login('alice')
    expect(app.verification('alice').sid).not.toBe(first)
  })
})

test.each<[string, (code: string) => Promise<unknown>]>([
  [
    'from an account of his own',
    async (code) => {
      await stranger.post('/second-factor/phone', { phone: alices })
      return stranger.post('/second-factor/phone/verify', { code })
    },
  ],
  [
    'without a login',
    async (code) => {
      await stranger.post('/otp/generate', { phone_number: alices })
      return stranger.post('/otp/verify', { phone_number: alices, otp: code })
    },
  ],
])(
  'ten logins whose five checks the stranger has used up %s lock nobody out',
  async (_how, guess) => {
    for (let login = 0; login < 10; login += 1) {
      app.clock.advance(24 * 3600)
      // His own failures are his: an operator gives him ever new tries.
      await app.secondFactor.reset(userOf('carol'))
      await app.secondFactor.reset(forSubject(`tel:${alices}`))
      stranger = await app.login('carol')
      const alice = await app.login('alice')
      const right = app.codeFor('alice')
      for (let nth = 1; nth <= 5; nth += 1) await guess(wrongCode(right, nth))
      expectProblem(await verify(alice, right), 'code_expired')
      expect(await rowOf(app.store, alicesSubject)).toMatchObject({
        failures: 0,
        lock: { tier: 0 },
      })
      // The verification is over for everybody, so that her next code is a new one.
      app.clock.advance(30)
      expect((await alice.post(challenge)).status).toBe(201)
      expect((await verify(alice, app.codeFor('alice'))).status).toBe(200)
    }
  },
)
