/**
 * The attacker knows the password and is patient: after a few wrong codes they ask for a new one, log in again,
 * restore an old cookie, or wait, to get a fresh start. All of that must share one count of consecutive failures,
 * which only a right code of that user clears.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { isIn, passedBrowser, verify } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

async function guess(browser: Browser, times: number): Promise<string[]> {
  const codes: string[] = []
  for (let n = 0; n < times; n += 1) {
    const answer = await verify(browser, wrongCode(app.codeFor('alice')))
    codes.push(String(answer.json['code']))
  }
  return codes
}

/** Waits as long as an answer says, or not at all, and asks for a code. */
async function askForCode(browser: Browser): Promise<void> {
  const first = await browser.post('/second-factor/challenge')
  if (first.status === 201) return
  app.clock.advance(Number(first.json['retryAfterSeconds']))
  const second = await browser.post('/second-factor/challenge')
  expect(second.status, second.text).toBe(201)
}

test('four guesses at each of many codes end in a lock at the tenth', async () => {
  let attacker = await app.login('alice')
  const said: string[] = []
  for (let round = 0; round < 3; round += 1) {
    said.push(...(await guess(attacker, 4)))
    app.clock.advance(310)
    if (round === 1) attacker = await app.login('alice')
    else if (round === 0) await askForCode(attacker)
  }
  expect(said.slice(0, 10)).toEqual(Array(10).fill('code_incorrect'))
  expect(said.slice(10)).toEqual(['locked_out', 'locked_out'])
  expect((await rowOf(app.store, '1')).failures).toBe(10)
})

test('guesses from a new login with no cookies each time end in the same lock', async () => {
  const said: string[] = []
  for (let round = 0; round < 4; round += 1) {
    said.push(...(await guess(await app.login('alice'), 4)))
    app.clock.advance(700)
  }
  expect(said.filter((code) => code === 'code_incorrect')).toHaveLength(10)
  expect((await rowOf(app.store, '1')).failures).toBe(10)
  expect(said.at(-1)).toBe('locked_out')
})

test('no login, resend, logout, revocation or wait clears failures', async () => {
  const attacker = await app.login('alice')
  await guess(attacker, 4)
  app.clock.advance(60)
  await attacker.post('/second-factor/challenge')
  expect(await guess(attacker, 2)).toEqual(['code_incorrect', 'attempts_exhausted'])
  await attacker.post('/logout')
  for (let n = 0; n < 5; n += 1) await app.login('alice')
  await app.secondFactor.revoke(app.users[0] as Express.User)
  app.clock.advance(30 * 86_400)

  expect((await rowOf(app.store, '1')).failures).toBe(5)
  const later = await app.login('alice')
  expect(await guess(later, 5)).toEqual(Array(5).fill('code_incorrect'))
  expect((await rowOf(app.store, '1')).lock.tier).toBe(1)
})

test('another user’s success clears nothing', async () => {
  await guess(await app.login('alice'), 5)
  await passedBrowser(app, 'bob')
  expect((await rowOf(app.store, '1')).failures).toBe(5)
})

test('putting an old cookie back after each guess restores no guess', async () => {
  const attacker = await app.login('alice')
  const kept = attacker.copy()
  const said: string[] = []
  for (let n = 0; n < 20; n += 1) said.push(...(await guess(kept.copy(), 1)))

  expect(said.filter((code) => code === 'code_incorrect')).toHaveLength(5)
  expect((await rowOf(app.store, '1')).failures).toBe(5)
})

test('cancelling a code and asking again restores no guess', async () => {
  const attacker = await app.login('alice')
  await guess(attacker, 5)
  expect((await attacker.delete('/second-factor/challenge')).status).toBe(204)
  expect((await rowOf(app.store, '1')).failures).toBe(5)
  expect((await attacker.post('/second-factor/challenge')).json['code']).toBe('cooldown')
})

test('wrong codes for a phone and for a sign-in share one count', async () => {
  const attacker = await app.login('carol')
  const guessPhone = async () => {
    const code = wrongCode(app.inbox.inbox()[0]?.code ?? '')
    return (await attacker.post('/second-factor/phone/verify', { code })).json['code']
  }
  await attacker.post('/second-factor/phone', { phone: '+14155550199' })
  for (let n = 0; n < 5; n += 1) expect(await guessPhone()).toBe('code_incorrect')
  app.clock.advance(60)
  await attacker.post('/second-factor/phone', { phone: '+14155550198' })
  for (let n = 0; n < 5; n += 1) expect(await guessPhone()).toBe('code_incorrect')
  expect(await guessPhone()).toBe('locked_out')
  expect((await rowOf(app.store, '3')).failures).toBe(10)
})

test('a day of requests as fast as allowed yields ten messages and few guesses', async () => {
  let judged = 0
  const end = app.clock.now + 86_000_000
  while (app.clock.now < end) {
    const attacker = await app.login('alice')
    const said = await guess(attacker, 6)
    judged += said.filter((code) => code === 'code_incorrect').length
    app.clock.advance(1800)
  }
  expect(app.inbox.inbox().length).toBeLessThanOrEqual(10)
  expect(judged).toBeGreaterThan(10)
  expect(judged).toBeLessThanOrEqual(50)
  expect((await rowOf(app.store, '1')).failures).toBe(judged)
  const attacker = await app.login('alice')
  expect(await isIn(attacker)).toBe(false)
})
