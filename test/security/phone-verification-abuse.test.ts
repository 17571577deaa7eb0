/**
 * The endpoints for phones have no login, so a stranger may name any phone. They try to learn which phones belong to
 * users, guess a code in parallel or over many codes, have many messages sent, lock a user's login through the user's
 * phone, and use a code from here at the login or the reverse. Only the holder of the phone may achieve anything.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { memoryStore } from '../../src/index.js'
import { inParallel, tally } from '../../src/testing/contract-fixtures.js'
import type { Answer } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { isIn, verify, wrongCodes } from '../support/in-or-out.js'
import { erins, nobodys, startPhoneApp, type PhoneApp } from '../support/phone-verification.js'
import { shuffled } from '../support/shuffled-store.js'

const alices = '+237671234567'

let app: PhoneApp
beforeEach(async () => {
  app = await startPhoneApp({ store: shuffled(memoryStore()) })
})
afterEach(() => app.close())

const codeOf = ({ json }: Answer) => String(json['code'] ?? json['message'])

test('a user’s phone and an unknown phone get the same responses until the right code', async () => {
  const shown = ({ status, text, headers }: Answer) => [status, text, headers.get('retry-after')]
  const walk = async (phone: string) => {
    const answers: Answer[] = [await app.verify('123456', phone)]
    for (let codes = 0; codes < 2; codes += 1) {
      answers.push(await app.generate(phone), await app.generate(phone))
      const code = app.codeTo(phone)
      for (let tries = 0; tries < 6; tries += 1)
        answers.push(await app.verify(wrongCode(code), phone))
      answers.push(await app.verify(code, phone))
      app.clock.advance(60)
    }
    answers.push(await app.generate(phone))
    return answers.map(shown)
  }
  const began = app.clock.now
  const known = await walk(erins)
  app.clock.now = began
  expect(await walk(nobodys)).toEqual(known)
  expect(new Set(known.map(([status]) => status))).toEqual(new Set([200, 400, 429]))
  expect(app.lookups).toEqual([])
})

test('of 200 guesses at once five are judged, and then the right code is too late', async () => {
  await app.generate()
  const codes = wrongCodes(app.codeTo(), 200)
  const answers = await inParallel(200, (n) => app.verify(codes[n] ?? ''))

  expect(tally(answers.map(codeOf))).toEqual({ code_incorrect: 5, attempts_exhausted: 195 })
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]))
  const left = answers.filter((each) => codeOf(each) === 'code_incorrect')
  expect(left.map(({ json }) => json['attemptsLeft']).sort()).toEqual([0, 1, 2, 3, 4])
  expect(codeOf(await app.verify(app.codeTo()))).toBe('attempts_exhausted')
  expect(app.verified).toEqual([])
})

test('50 requests for a code at once send one message', async () => {
  const answers = await inParallel(50, () => app.generate())
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(tally(answers.map(codeOf))).toMatchObject({ cooldown: 49 })
  expect(app.inbox.inbox()).toHaveLength(1)
})

test('spellings of one phone at once send one message', async () => {
  const spellings = [erins, '0014155550123', 'tel:+1 415 555 0123', '+1 (415) 555-0123']
  const answers = await inParallel(40, (n) => app.generate(spellings[n % spellings.length]))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(app.inbox.inbox().map(({ to }) => to)).toEqual([erins])
})

test('the right code sent many times at once marks the user once', async () => {
  await app.generate()
  const answers = await inParallel(20, () => app.verify(app.codeTo()))
  expect(tally(answers.map(codeOf))).toEqual({ 'The phone is verified.': 1, no_challenge: 19 })
  expect(app.verified).toEqual([{ username: 'erin', phone: erins }])
  expect(app.lookups).toEqual([erins])
})

test('locking a phone here locks no login, and reduces no codes for it', async () => {
  for (let codes = 0; codes < 2; codes += 1) {
    await app.generate(alices)
    const wrong = wrongCode(app.codeTo(alices))
    for (let tries = 0; tries < 5; tries += 1) await app.verify(wrong, alices)
    app.clock.advance(60)
  }
  expect(codeOf(await app.generate(alices))).toBe('locked_out')
  expect(await app.store.read('1')).toBeNull()

  const alice = await app.login('alice')
  expect((await verify(alice, app.codeFor('alice'))).status).toBe(200)
  expect(await isIn(alice)).toBe(true)
  expect(codeOf(await app.generate(alices))).toBe('locked_out')
})

test('a code from here passes no login, and a login code verifies nobody here', async () => {
  const alice = await app.login('alice')
  const loginCode = app.codeFor('alice')
  await app.generate(alices)
  const ownCode = app.codeTo(alices)
  expect(ownCode).not.toBe(loginCode)

  expect(codeOf(await verify(alice, ownCode))).toBe('code_incorrect')
  expect(await isIn(alice)).toBe(false)
  expect(codeOf(await app.verify(loginCode, alices))).toBe('code_incorrect')
  expect(app.verified).toEqual([])

  expect((await app.verify(ownCode, alices)).status).toBe(200)
  expect(await isIn(alice)).toBe(false)
  expect((await verify(alice, loginCode)).status).toBe(200)
})

test('a pending login code is not a challenge for these endpoints', async () => {
  await app.login('alice')
  expect(codeOf(await app.verify(app.codeFor('alice'), alices))).toBe('no_challenge')
  expect(app.verified).toEqual([])
})

test('a channel, a user or a purpose in the body changes nothing', async () => {
  const extras = { channel: 'call', user: 1, id: 1, purpose: 'sign-in', subject: '1', to: alices }
  const body = { phone_number: erins, ...extras }
  expect((await app.client.post('/otp/generate/', body)).status).toBe(200)
  expect(app.inbox.inbox().map(({ to }) => to)).toEqual([erins])
  const otp = app.codeTo()
  expect((await app.client.post('/otp/verify/', { ...body, otp })).status).toBe(200)
  expect(app.verified).toEqual([{ username: 'erin', phone: erins }])
})
