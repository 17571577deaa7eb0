/** The journeys of the demo users. */

import { beforeAll, describe, expect, test } from 'vitest'

import { wrongCode } from '../support/codes.js'
import type { Browser } from '../support/browser.js'
import { expectOwnProblem } from '../support/example-problem.js'
import { expectRefusedForm } from '../support/problem.js'
import { newDatabase, phones, startExample, verify, type Example } from '../support/example.js'

let example: Example
beforeAll(async () => {
  example = await startExample({ DATABASE_URL: newDatabase() })
})

/** Passes with the code of the last message to this phone. */
async function pass(browser: Browser, phone: string): Promise<void> {
  expect((await verify(browser, await example.codeFor(phone))).status).toBe(200)
}

describe('alice', () => {
  test('returns to the page she was going to, including its query', async () => {
    const browser = await example.login('alice')
    await browser.page('/account?tab=2')
    const code = await example.codeFor(phones.alice)
    const answer = await browser.submit('/second-factor/verify', { code })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/account?tab=2'])
  })

  test('sees what went wrong on the code page, and is sent the same code again', async () => {
    await example.advance(30)
    const browser = await example.login('alice')
    const code = await example.codeFor(phones.alice)
    const wrong = await browser.submit('/second-factor/verify', { code: wrongCode(code) })
    await expectRefusedForm(
      browser,
      wrong,
      'That code isn’t right. Check it and try again. You have 4 tries left.',
    )
    const early = await browser.submit('/second-factor/challenge')
    await expectRefusedForm(browser, early, 'You can request another in 30 seconds.')
    await example.advance(30)
    expect((await browser.submit('/second-factor/challenge')).status).toBe(303)
    expect(await example.codeFor(phones.alice)).toBe(code)
    expect((await verify(browser, ` ${code.slice(0, 3)}-${code.slice(3)} `)).status).toBe(200)
  })
})

describe('bob', () => {
  test('is locked out by ten wrong codes, and let in after the lock ends', async () => {
    const browser = await example.login('bob')
    for (let failures = 1; failures <= 10; failures += 1) {
      const wrong = wrongCode(await example.codeFor(phones.bob))
      expect((await verify(browser, wrong)).json).toMatchObject({ code: 'code_incorrect' })
      if (failures !== 5) continue
      expect((await verify(browser, wrong)).json).toMatchObject({ code: 'attempts_exhausted' })
      await example.advance(30)
      expect((await browser.post('/second-factor/challenge')).status).toBe(201)
    }
    const right = await example.codeFor(phones.bob)
    const locked = await verify(browser, right)
    expect(locked.json).toMatchObject({ status: 429, code: 'locked_out', retryAfterSeconds: 1800 })
    expect(locked.headers.get('retry-after')).toBe('1800')
    expect((await browser.get('/second-factor/')).json).toMatchObject({ locked: true })

    await example.advance(1800)
    const later = await example.login('bob')
    await pass(later, phones.bob)
  })
})

describe('carol', () => {
  const [first, second] = ['+33612345678', '+33612345679'] as const

  test('adds her first phone and is in with the first right code', async () => {
    const browser = await example.login('carol')
    expect((await browser.page('/second-factor/')).text).toContain('Set up a second step')
    expect((await browser.page('/second-factor/phone')).text).toContain('Your phone number')
    const sent = await browser.post('/second-factor/phone', { phone: '0033 6 12 34 56 78' })
    expect([sent.status, sent.json['destination']]).toEqual([201, '••••78'])
    const code = await example.codeFor(first)
    const verified = await browser.post('/second-factor/phone/verify', { code })
    expect(verified.json).toMatchObject({
      status: 'verified',
      phone: '••••78',
      returnTo: '/account',
    })
    expect((await browser.get('/account')).json).toEqual({ user: { username: 'carol' } })
  })

  test('changes it with a code sent to the new one, which ends her other sessions', async () => {
    await example.advance(60)
    const other = await example.login('carol')
    await pass(other, first)
    await example.advance(60)
    const mine = await example.login('carol')
    await pass(mine, first)
    await example.advance(299)
    expect((await mine.post('/second-factor/phone', { phone: second })).status).toBe(201)
    const code = await example.codeFor(second)
    expect((await mine.post('/second-factor/phone/verify', { code })).status).toBe(200)
    expect((await mine.get('/account')).status).toBe(200)
    expectOwnProblem(await other.get('/account'), 403, 'second_factor_required')
  })
})

describe('dave', () => {
  test('needs a fresh code for a transfer if the last is older than five minutes', async () => {
    const browser = await example.login('dave')
    await pass(browser, phones.dave)
    await example.advance(299)
    expect((await browser.post('/transfer', { to: 'bob', amount: '5' })).status).toBe(200)
    await example.advance(2)
    const stale = await browser.post('/transfer', { to: 'bob', amount: '5' })
    expectOwnProblem(stale, 403, 'second_factor_stale')
    expect(stale.json).toMatchObject({ challengeUrl: '/second-factor/' })
    expect((await browser.get('/account')).status).toBe(200)

    expect((await browser.post('/second-factor/challenge')).status).toBe(201)
    await pass(browser, phones.dave)
    expect((await browser.post('/transfer', { to: 'bob', amount: '5' })).status).toBe(200)
  })

  test('logs in again when his grant has expired, and when his login was pending too long', async () => {
    const browser = await example.login('dave')
    await pass(browser, phones.dave)
    await example.advance(43_200)
    expectOwnProblem(await browser.get('/account'), 401, 'login_required')
    const again = await example.login('dave')
    await example.advance(600)
    const late = await verify(again, await example.codeFor(phones.dave))
    expectOwnProblem(late, 401, 'login_required')
  })

  test('verifies his phone at the endpoints without a login', async () => {
    const browser = example.browser()
    const phone_number = phones.dave
    const sent = await browser.post('/otp/generate/', { phone_number })
    expect(sent.json).toEqual({ message: expect.any(String) as string, expires_in: 300 })
    const otp = await example.codeFor(phone_number)
    const wrong = await browser.post('/otp/verify/', { phone_number, otp: wrongCode(otp) })
    expectOwnProblem(wrong, 400, 'code_incorrect')
    const verified = await browser.post('/otp/verify', { phone_number, otp })
    expect(verified.json).toEqual({ message: expect.any(String) as string })

    const stranger = { phone_number: '+33612345670' }
    await browser.post('/otp/generate', stranger)
    const right = { ...stranger, otp: await example.codeFor(stranger.phone_number) }
    expectOwnProblem(await browser.post('/otp/verify', right), 404, 'unknown_number')
  })
})
