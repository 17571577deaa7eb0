/**
 * The attacker keeps guessing after the budget is spent or the account is locked, and compares responses: a difference
 * between a wrong and the right code would reveal which one to save for later. Responses to unjudged codes must be
 * identical in status, body and headers.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Answer, Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { isIn, verify } from '../support/in-or-out.js'
import { failTimes, roomyPolicy } from '../support/misuse.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
beforeEach(async () => {
  const policy = {
    ...roomyPolicy,
    standards: 'relaxed' as const,
    maxAttempts: 5,
    lockLadderSeconds: [10],
  }
  app = await startTestApp({ secondFactor: { policy } })
})
afterEach(() => app.close())

/** All that an answer tells, but for the time of day. */
function seen({ status, headers, text }: Answer): object {
  const told = Object.fromEntries(headers)
  delete told['date']
  return { status, headers: told, text }
}

/** Asks with the right code and with wrong ones, as a program and as a page, and expects no difference. */
async function expectNoDifference(browser: Browser, right: string, code: string): Promise<void> {
  const wrong = wrongCode(right)
  const before = await rowOf(app.store, '1')
  const answer = await verify(browser, right)
  expect(answer.json['code']).toBe(code)
  expect(seen(answer)).toEqual(seen(await verify(browser, wrong)))
  const pages = [right, wrong].map((each) =>
    browser.submit('/second-factor/verify', { code: each }),
  )
  const [asked, missed] = await Promise.all(pages)
  expect(asked && seen(asked)).toEqual(missed && seen(missed))
  expect(await rowOf(app.store, '1')).toEqual(before)
  expect(await isIn(browser)).toBe(false)
}

test('right and wrong codes look alike with the budget spent', async () => {
  const attacker = await app.login('alice')
  const right = app.codeFor('alice')
  for (let n = 0; n < 5; n += 1) await verify(attacker, wrongCode(right))
  await expectNoDifference(attacker, right, 'attempts_exhausted')
})

test('right and wrong codes look alike with the account locked', async () => {
  const attacker = await app.login('alice')
  const right = app.codeFor('alice')
  await failTimes(app, attacker, 'alice', 10)
  await expectNoDifference(attacker, right, 'locked_out')
})

test('right and wrong codes look alike with the factor turned off', async () => {
  const attacker = await app.login('alice')
  await failTimes(app, attacker, 'alice', 100)
  await expectNoDifference(attacker, app.codeFor('alice'), 'locked_out')
})

test('right and wrong codes look alike with the code expired', async () => {
  const attacker = await app.login('alice')
  const right = app.codeFor('alice')
  app.clock.advance(310)
  await expectNoDifference(attacker, right, 'code_expired')
})

test('right and wrong codes look alike with the code of another session', async () => {
  await app.login('alice')
  const attacker = await app.login('alice')
  await expectNoDifference(attacker, app.codeFor('alice'), 'no_challenge')
})

test('the last guess of a budget reveals no more than the ones before', async () => {
  const attacker = await app.login('alice')
  const answers: Answer[] = []
  for (let n = 0; n < 5; n += 1) {
    answers.push(await verify(attacker, wrongCode(app.codeFor('alice'))))
  }
  const shapes = answers.map(({ status, json }) => [status, Object.keys(json).join()])
  expect(new Set(shapes.map((shape) => shape.join(' '))).size).toBe(1)
})

test('a phone that somebody else has gets the same response as one that nobody has', async () => {
  const [, bob, carol] = app.users
  const erin = await app.login('erin')
  const asked = []
  for (const phone of [bob?.phone, '+14155550199']) {
    app.clock.advance(1)
    asked.push(await erin.post('/second-factor/phone', { phone }))
  }
  const [taken, free] = asked.map(({ status, json }) => [status, Object.keys(json)])
  expect(taken).toEqual([201, free?.[1]])
  expect(carol?.phone).toBeNull()
})
