/** Things go wrong in a real browser: each page explains it, and there is always a next step. */

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import type { SendResult } from '../../src/index.js'
import type { TestApp } from '../support/app.js'
import {
  chromiumPath,
  expectSoundPage,
  launchChromium,
  openTab,
  press,
  type Tab,
} from '../support/chromium.js'
import { wrongCode } from '../support/codes.js'
import { startWithPages } from '../support/pages-in-browser.js'

const program = chromiumPath()

describe.runIf(program !== null).each([
  ['with JavaScript', true],
  ['without JavaScript', false],
])('a person %s', (_name, javaScriptEnabled) => {
  let browser: Browser
  let app: TestApp
  let tab: Tab
  /** The vendor's response to each message. */
  let result: SendResult
  const codes = new Map<string, string>()

  beforeAll(async () => {
    browser = await launchChromium(program ?? '')
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    result = { status: 'sent' }
    app = await startWithPages({
      secondFactor: { policy: { resendLadderSeconds: [1], sendsPerDay: 100 } },
      sender: {
        channel: 'sms',
        send({ to, code }) {
          codes.set(to, code.reveal())
          return Promise.resolve(result)
        },
      },
      routes(server, secondFactor) {
        const page = (title: string, body = '') =>
          `<!doctype html><html lang="en"><title>${title}</title><main><h1>${title}</h1>${body}</main>`
        server.get('/settings', secondFactor.gate(), (_req, res) => {
          res.send(page('Settings', '<a href="/second-factor/phone">Change phone</a>'))
        })
        server.get('/form', secondFactor.gate(), (req, res) => {
          const kept = secondFactor.keptFields(req)
          res.send(
            page(
              kept === null ? 'Form' : 'Not sent yet',
              `<form method="post" action="/pay"><input name="to" aria-label="To"
                value="${kept?.['to'] ?? ''}"><button>Pay</button></form>`,
            ),
          )
        })
        const step = secondFactor.gate({ maxAgeSeconds: 60, keepFields: ['to'] })
        server.post('/pay', step, (_req, res) => res.send(page('Paid')))
      },
    })
    tab = await openTab(browser, { baseURL: app.url, javaScriptEnabled })
  })
  afterEach(async () => {
    await tab.page.context().close()
    await app.close()
  })

  const alert = () => tab.page.locator('#alert').innerText()
  const alerts = () => tab.page.locator('#alert').count()
  const heading = () => tab.page.getByRole('heading', { level: 1 }).innerText()
  const main = () => tab.page.getByRole('main').innerText()
  const path = () => new URL(tab.page.url()).pathname
  const codeOf = (username: string) =>
    codes.get(app.users.find((user) => user.username === username)?.phone ?? '') ?? ''

  async function logIn(username: string, page = tab.page): Promise<void> {
    await page.goto('/login')
    await page.getByLabel('Name').fill(username)
    await press(page, 'Log in')
  }

  async function enter(code: string): Promise<void> {
    await tab.page.getByLabel('Code', { exact: true }).fill(code)
    await press(tab.page, 'Confirm')
  }

  /** Some time later, when the wait that a script counts down is over. */
  async function wait(seconds: number): Promise<void> {
    app.clock.advance(seconds)
    await tab.page.reload()
  }

  test('reloads after a wrong code without losing an attempt', async () => {
    await logIn('alice')
    await enter(wrongCode(codeOf('alice')))
    expect([path(), await alert()]).toEqual([
      '/second-factor/',
      'That code isn’t right. Check it and try again. You have 4 tries left.',
    ])
    await expectSoundPage(tab)
    await tab.page.reload()
    expect(await alerts()).toBe(0)
    expect(await main()).toContain('You have 4 tries left.')
    await tab.page.goto('/second-factor/verify')
    expect(path()).toBe('/second-factor/')
  })

  test('sees after the password why no code was sent', async () => {
    result = { status: 'operator_fault', reason: 'credentials' }
    await logIn('alice')
    expect(await alert()).toBe('We can’t send codes right now. Contact support.')
    await expectSoundPage(tab)
    result = { status: 'sent' }
    await wait(5)
    await press(tab.page, 'Send me a code')
    await enter(codeOf('alice'))
    expect(path()).toBe('/account')
  })

  test('never sees that a code was sent if it may not have been', async () => {
    result = { status: 'maybe_sent', reason: 'status 500' }
    await logIn('alice')
    expect(await alert()).toContain('We couldn’t confirm that your code was sent.')
    expect(await main()).not.toContain('We texted')
    await expectSoundPage(tab)
    await enter(codeOf('alice'))
    expect(path()).toBe('/account')
  })

  test('sees the lock right after the guess that causes it, and can leave', async () => {
    await logIn('alice')
    for (let failures = 1; failures <= 10; failures += 1) {
      await enter(wrongCode(codeOf('alice')))
      if (failures !== 5) continue
      await wait(1)
      await press(tab.page, 'Send me a code')
    }
    expect(await alert()).toMatch(/^That’s one wrong code too many\. .*change your password\.$/)
    expect(await tab.page.getByLabel('Code').count()).toBe(0)
    await expectSoundPage(tab)
    await press(tab.page, 'Cancel')
    expect([path(), await heading()]).toEqual(['/login', 'Log in'])
  })

  test('sees in this browser that a code was requested in another', async () => {
    await logIn('alice')
    const other = await openTab(browser, { baseURL: app.url, javaScriptEnabled })
    await logIn('alice', other.page)
    expect(await other.page.getByRole('main').innerText()).toContain('requested in another browser')
    app.clock.advance(1)
    await other.page.reload()
    await press(other.page, 'Send me a code')
    await tab.page.reload()
    expect(await main()).toContain('If it wasn’t you, change your password.')
    await expectSoundPage(tab)
    await other.page.context().close()
  })

  test('cancels a step-up and is back at the unsubmitted form', async () => {
    const { page } = tab
    await logIn('alice')
    await enter(codeOf('alice'))
    app.clock.advance(61)
    await page.goto('/form')
    await page.getByLabel('To').fill('bob')
    await press(page, 'Pay')
    expect([path(), await alert()]).toEqual([
      '/second-factor/',
      'For your security, enter a new code before you continue.',
    ])
    await expectSoundPage(tab)
    await press(page, 'Cancel')
    expect([path(), await heading()]).toEqual(['/form', 'Not sent yet'])
    expect(await page.getByLabel('To').inputValue()).toBe('bob')
    await press(page, 'Pay')
    await press(page, 'Send me a code')
    await enter(codeOf('alice'))
    expect([path(), await heading()]).toEqual(['/form', 'Not sent yet'])
    await press(page, 'Pay')
    expect(await heading()).toBe('Paid')
  })

  test('mistypes a new phone and can still change it', async () => {
    const { page } = tab
    await logIn('alice')
    await enter(codeOf('alice'))
    await page.goto('/settings')
    await Promise.all([page.waitForURL('**/phone'), page.getByRole('link').click()])
    await page.getByLabel('Phone number').fill('+33612345679')
    await press(page, 'Send a code to this number')
    expect(await main()).toContain('ending in 79')
    await expectSoundPage(tab)
    // Something else first, which wants a fresh code: it goes to the phone that is known.
    app.clock.advance(61)
    await page.goto('/form')
    await press(page, 'Pay')
    await press(page, 'Send me a code')
    expect(await main()).toContain('ending in 67')
    await enter(codeOf('alice'))
    await page.goto('/settings')
    await Promise.all([page.waitForURL('**/phone'), page.getByRole('link').click()])
    app.clock.advance(1)
    await page.getByLabel('Phone number').fill('+33612345678')
    await press(page, 'Send a code to this number')
    await enter(codes.get('+33612345678') ?? '')
    expect(await main()).toContain('Your phone number now ends in 78.')
    await expectSoundPage(tab)
    await Promise.all([
      page.waitForURL('**/settings'),
      page.getByRole('link', { name: 'Continue' }).click(),
    ])
  })

  test('types another phone too soon, and it stays in its field', async () => {
    const { page } = tab
    await logIn('carol')
    await page.getByLabel('Phone number').fill('+33612345678')
    await press(page, 'Send a code to this number')
    await Promise.all([
      page.waitForURL('**/phone'),
      page.getByRole('link', { name: 'Use a different number' }).click(),
    ])
    await page.getByLabel('Phone number').fill('+33698765432')
    await press(page, 'Send a code to this number')
    expect(await alert()).toContain('We’ve just sent a code.')
    expect(await page.getByLabel('Phone number').inputValue()).toBe('+33698765432')
    await expectSoundPage(tab)
    await Promise.all([
      page.waitForURL('**/second-factor/'),
      page.getByRole('link', { name: 'Back to the code' }).click(),
    ])
    await enter(codes.get('+33612345678') ?? '')
    expect(path()).toBe('/account')
  })
})
