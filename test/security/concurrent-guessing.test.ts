/**
 * The attacker knows the password and sends guesses all at once, so that each is checked before any is counted; or
 * spreads them over many sessions and instances. No more codes may be judged than the limit allows, and a right code
 * counts once, however many copies arrive.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { inParallel, tally } from '../../src/testing/contract-fixtures.js'
import type { TestApp } from '../support/app.js'
import type { Answer } from '../support/browser.js'
import { challengeOf, isIn, verify, wrongCodes } from '../support/in-or-out.js'
import { phoneOf, rowOf } from '../support/rows.js'
import { at, startTwoApps } from '../support/two-apps.js'

let app: TestApp
let twin: TestApp
beforeEach(async () => {
  ;[app, twin] = await startTwoApps()
})
afterEach(() => Promise.all([app.close(), twin.close()]))

const codeOf = ({ json }: Answer) => String(json['code'] ?? json['status'])

test('of 200 guesses at once five are judged, and then the right code is too late', async () => {
  const attacker = await app.login('alice')
  const right = app.codeFor('alice')
  const codes = wrongCodes(right, 200)
  const answers = await inParallel(200, (n) => verify(attacker.copy(), codes[n] ?? ''))

  expect(tally(answers.map(codeOf))).toEqual({ code_incorrect: 5, attempts_exhausted: 195 })
  const row = await rowOf(app.store, '1')
  expect([challengeOf(row).attempts, row.failures]).toEqual([5, 5])
  expect(codeOf(await verify(attacker, right))).toBe('attempts_exhausted')
  expect(await isIn(attacker)).toBe(false)
})

test('200 guesses split over two instances share one budget', async () => {
  const attacker = await app.login('alice')
  const right = app.codeFor('alice')
  const codes = wrongCodes(right, 200)
  const answers = await inParallel(200, (n) =>
    verify(at(n % 2 === 0 ? app : twin, attacker), codes[n] ?? ''),
  )

  expect(tally(answers.map(codeOf))).toEqual({ code_incorrect: 5, attempts_exhausted: 195 })
  expect((await rowOf(app.store, '1')).failures).toBe(5)
  expect(codeOf(await verify(at(twin, attacker), right))).toBe('attempts_exhausted')
})

test('200 guesses split over eight sessions and two instances share one budget', async () => {
  const sessions = [await app.login('alice')]
  while (sessions.length < 8) sessions.push(await app.login('alice'))
  const right = app.codeFor('alice')
  const codes = wrongCodes(right, 200)
  const answers = await inParallel(200, (n) => {
    const session = sessions[n % 8]
    if (session === undefined) throw new Error('no such session')
    return verify(at(n % 3 === 0 ? twin : app, session), codes[n] ?? '')
  })

  expect(app.inbox.inbox()).toHaveLength(1)
  expect(tally(answers.map(codeOf))).toEqual({
    code_incorrect: 5,
    attempts_exhausted: 20,
    no_challenge: 175,
  })
  expect((await rowOf(app.store, '1')).failures).toBe(5)
})

test('the right code among 199 wrong ones passes only within the budget', async () => {
  const attacker = await app.login('alice')
  const right = app.codeFor('alice')
  const codes = wrongCodes(right, 199)
  codes.splice(100, 0, right)
  const answers = await inParallel(200, (n) => verify(attacker.copy(), codes[n] ?? ''))

  const { code_incorrect = 0, passed = 0 } = tally(answers.map(codeOf))
  expect(code_incorrect + passed).toBeLessThanOrEqual(6)
  expect(code_incorrect).toBeLessThanOrEqual(5)
  expect((await rowOf(app.store, '1')).grants).toHaveLength(passed)
})

test('the right code sent 30 times at once makes one grant, and nothing fails', async () => {
  const alice = await app.login('alice')
  const right = app.codeFor('alice')
  const answers = await inParallel(30, (n) => verify(at(n % 2 === 0 ? app : twin, alice), right))

  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ status }) => status >= 500)).toEqual([])
  const row = await rowOf(app.store, '1')
  expect([row.grants.length, row.failures, phoneOf(row).challenge]).toEqual([1, 0, null])
})

test('guesses for a phone being verified are counted just as exactly', async () => {
  const attacker = await app.login('carol')
  await attacker.post('/second-factor/phone', { phone: '+14155550199' })
  const codes = wrongCodes(app.inbox.inbox()[0]?.code ?? '', 200)
  const answers = await inParallel(200, (n) =>
    attacker.copy().post('/second-factor/phone/verify', { code: codes[n] }),
  )

  expect(tally(answers.map(codeOf))).toEqual({ code_incorrect: 5, attempts_exhausted: 195 })
  expect((await rowOf(app.store, '3')).failures).toBe(5)
})

test('guesses with and without a session share one count', async () => {
  const attacker = await app.login('alice')
  const alice = app.users[0] as Express.User
  const codes = wrongCodes(app.codeFor('alice'), 200)
  const answers = await inParallel(200, async (n) => {
    if (n % 2 === 0) return codeOf(await verify(attacker.copy(), codes[n] ?? ''))
    const answer = await twin.secondFactor.verify(alice, codes[n] ?? '')
    return 'code' in answer ? answer.code : answer.status
  })

  expect(answers.filter((code) => code === 'code_incorrect')).toHaveLength(5)
  expect((await rowOf(app.store, '1')).failures).toBe(5)
})
