/** After the password, a person sees why no code was sent, and what to do now. */

import { afterEach, describe, expect, test } from 'vitest'

import { memoryStore, type CodeSender, type SendResult } from '../../src/index.js'
import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.js'
import type { Answer, Browser } from '../support/browser.js'
import { textOf } from '../support/html.js'
import { failTimes, roomyPolicy } from '../support/misuse.js'
import { reasonOn } from '../support/problem.js'

const mount = '/second-factor/'

let app: TestApp
afterEach(() => app.close())

const sending = (result: SendResult): TestAppOptions => {
  const sender: CodeSender = { channel: 'sms', send: () => Promise.resolve(result) }
  return { sender }
}

/** The first page that a browser sees after this user's password. */
async function firstPage(username: string, browser: Browser = app.browser()): Promise<Answer> {
  const login = await browser.submit('/login', { username, password: 'password' })
  expect([login.status, login.headers.get('location')]).toEqual([303, mount])
  return browser.page(mount)
}

describe('a vendor that does not send', () => {
  test.each<[string, SendResult, RegExp]>([
    [
      'our credentials',
      { status: 'operator_fault', reason: 'credentials' },
      /^We can’t send codes right now\. Contact support\.$/,
    ],
    [
      'a throttled sender',
      { status: 'rejected', reason: 'unavailable', retryAfterSeconds: 60 },
      /^We can’t send codes right now\. Try again in 60 seconds\.$/,
    ],
    [
      'a phone that cannot be reached',
      { status: 'rejected', reason: 'destination_invalid' },
      /^We can’t send codes to the phone number on your account\. Contact support\.$/,
    ],
    [
      'a phone that has opted out',
      { status: 'rejected', reason: 'destination_blocked' },
      /^We can’t send codes to the phone number on your account\. Contact support\.$/,
    ],
  ])('%s: the page says so once', async (_what, result, sentence) => {
    app = await startTestApp(sending(result))
    const browser = app.browser()
    const page = await firstPage('alice', browser)
    expect(reasonOn(page)).toMatch(sentence)
    expect(page.text).not.toContain('name="code"')
    expect(reasonOn(await browser.page(mount))).toBe('')
  })

  test('a code that may not have been sent is never reported as sent', async () => {
    app = await startTestApp(sending({ status: 'maybe_sent', reason: 'status 500' }))
    const browser = app.browser()
    const page = await firstPage('alice', browser)
    expect(reasonOn(page)).toMatch(
      /^We couldn’t confirm that your code was sent\. If it arrives, enter it\. Otherwise, you can request it again in 30 seconds\.$/,
    )
    for (const each of [page, await browser.page(mount)]) {
      expect(each.text).toContain('name="code"')
      expect(textOf(each.text)).not.toContain('We texted')
      expect(textOf(each.text)).toContain('We couldn’t confirm that your code was sent')
    }
  })

  test('a later message ends the doubt about an earlier one', async () => {
    let result: SendResult = { status: 'maybe_sent', reason: 'status 500' }
    app = await startTestApp({ sender: { channel: 'sms', send: () => Promise.resolve(result) } })
    const browser = app.browser()
    await firstPage('alice', browser)
    app.clock.advance(30)
    result = { status: 'rejected', reason: 'unavailable' }
    await browser.submit('/second-factor/challenge')
    await browser.page(mount)
    expect(textOf((await browser.page(mount)).text)).toContain('We couldn’t confirm')
    app.clock.advance(30)
    result = { status: 'sent' }
    await browser.submit('/second-factor/challenge')
    const page = textOf((await browser.page(mount)).text)
    expect(page).toContain('We texted a 6-digit code to the number ending in 67')
    expect(page).not.toContain('We couldn’t confirm')
  })
})

test('a code in doubt stays in doubt if requested again too soon', async () => {
  app = await startTestApp(sending({ status: 'maybe_sent' }))
  const browser = app.browser()
  await firstPage('alice', browser)
  await browser.submit('/second-factor/challenge')
  expect(reasonOn(await browser.page(mount))).toMatch(
    /^We couldn’t confirm that your code was sent\..* again in 30 seconds\.$/,
  )
})

test('a brief store fault is reported, and a retry works', async () => {
  const store = memoryStore()
  let isBroken = true
  app = await startTestApp({
    secondFactor: {
      store: {
        ...store,
        compareAndSwap: (...swap) =>
          isBroken ? Promise.reject(new Error('full')) : store.compareAndSwap(...swap),
      },
    },
  })
  const browser = app.browser()
  await browser.submit('/login', { username: 'alice', password: 'password' })
  isBroken = false
  const page = await browser.page(mount)
  expect(reasonOn(page)).toBe('The service isn’t available right now. Try again in 5 seconds.')
  await browser.submit('/second-factor/challenge')
  expect(reasonOn(await browser.page(mount))).toBe('')
})

test('an invalid phone on the account is shown if another may be given', async () => {
  app = await startTestApp()
  const erin = app.users.find(({ username }) => username === 'erin')
  if (erin) erin.phone = '12345'
  const page = await firstPage('erin')
  expect(reasonOn(page)).toMatch(/include the country code/)
  expect(page.text).toContain('action="/second-factor/phone"')
})

test('having no phone yet is not an error: the page asks for one', async () => {
  app = await startTestApp()
  const page = await firstPage('carol')
  expect([reasonOn(page), page.text.includes('action="/second-factor/phone"')]).toEqual(['', true])
})

test('the daily limit shows its end', async () => {
  app = await startTestApp({ secondFactor: { policy: { sendsPerDay: 1 } } })
  await firstPage('alice')
  app.clock.advance(3600)
  const browser = app.browser()
  expect(reasonOn(await firstPage('alice', browser))).toBe(
    'You’ve reached today’s limit for codes. Try again in 23 hours.',
  )
  expect(textOf((await browser.page(mount)).text)).not.toContain('Use the last one')
})

test('the daily limit mentions the pending code, if there is one', async () => {
  app = await startTestApp({ secondFactor: { policy: { sendsPerDay: 1 } } })
  const browser = app.browser()
  await firstPage('alice', browser)
  app.clock.advance(30)
  expect(reasonOn(await firstPage('alice', browser))).toBe(
    'You’ve reached today’s limit for codes. Use the last one we sent, or try again in 24 hours.',
  )
})

test('a lock shows its end and a way on', async () => {
  app = await startTestApp({ secondFactor: { policy: roomyPolicy } })
  await failTimes(app, await app.login('alice'), 'alice', 10)
  const page = await firstPage('alice')
  expect(reasonOn(page)).toMatch(/^Too many wrong codes\. .*\(in 30 minutes\)/)
  expect(page.text).toContain('action="/second-factor/cancel"')
})

describe('a second login within the wait', () => {
  test('in the same browser says that there is a code, which stays valid', async () => {
    app = await startTestApp()
    const browser = app.browser()
    await firstPage('alice', browser)
    const page = await firstPage('alice', browser)
    expect(reasonOn(page)).toBe('We’ve just sent a code. You can request another in 30 seconds.')
    const passed = await browser.submit('/second-factor/verify', { code: app.codeFor('alice') })
    expect(passed.headers.get('location')).toBe('/account')
  })

  test('in another browser says that the code works only in the first', async () => {
    app = await startTestApp()
    const first = app.browser()
    await firstPage('alice', first)
    const second = app.browser()
    const page = textOf((await firstPage('alice', second)).text)
    expect(page).toContain('Your latest code was requested in another browser')
    expect(page).not.toContain('We texted')
    expect(textOf((await first.page(mount)).text)).not.toContain('another browser')
  })

  test('and a code then requested there says so in the first browser', async () => {
    app = await startTestApp()
    const first = app.browser()
    await firstPage('alice', first)
    const second = app.browser()
    await firstPage('alice', second)
    app.clock.advance(30)
    await second.submit('/second-factor/challenge')
    await first.submit('/second-factor/verify', { code: app.codeFor('alice') })
    const page = await first.page(mount)
    expect(reasonOn(page)).toMatch(/^There’s no active code in this browser/)
    expect(textOf(page.text)).toContain(
      'Your latest code was requested in another browser, and works only there. To continue here, ' +
        'request a new one. If it wasn’t you, change your password.',
    )
    await second.submit('/second-factor/verify', { code: app.codeFor('alice') })
    expect(textOf((await first.page(mount)).text)).not.toContain('another browser')
  })
})
