/** An authenticator app in Chromium, with and without scripts: set up from the screen, used, replaced, lost. */

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { appCode } from '../support/authenticator.js'
import {
  chromiumPath,
  expectSoundPage,
  launchChromium,
  openTab,
  press,
  type Tab,
} from '../support/chromium.js'
import { setUpApp, setUpCodes, type HeldApp } from '../support/held-app.js'
import { enterCode, readCode, startHeldPages } from '../support/held-in-browser.js'
import { enterPassword } from '../support/login-page.js'

const program = chromiumPath()

const screens: [string, BrowserContextOptions][] = [
  ['light, 1280 pixels wide', { viewport: { width: 1280, height: 900 } }],
  ['dark, 1280 pixels wide', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
  ['light, 320 pixels wide', { viewport: { width: 320, height: 700 } }],
  ['dark, 320 pixels wide', { viewport: { width: 320, height: 700 }, colorScheme: 'dark' }],
]

describe.runIf(program !== null)('an authenticator app in a browser', () => {
  let browser: Browser
  let app: HeldApp
  let tab: Tab
  let page: Page
  beforeAll(async () => {
    browser = await launchChromium(program ?? '')
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    app = await startHeldPages()
  })
  afterEach(async () => {
    await page.context().close()
    await app.close()
  })

  async function open(options: BrowserContextOptions = {}) {
    tab = await openTab(browser, { baseURL: app.url, ...options })
    page = tab.page
  }
  const path = () => new URL(page.url()).pathname
  const heading = () => page.getByRole('heading', { level: 1 }).innerText()

  test.each(screens)('is set up with the QR code from the screen: %s', async (_what, screen) => {
    await open(screen)
    await enterPassword(page)
    expect(await heading()).toBe('Set up a second step')
    await expectSoundPage(tab)
    await page.getByRole('link', { name: 'Set up an authenticator app' }).click()
    await page.waitForLoadState()
    await expectSoundPage(tab)
    const uri = await readCode(browser, await page.screenshot({ fullPage: true }))
    const address = new URL(uri)
    expect([address.protocol, address.host, address.pathname]).toEqual([
      'otpauth:',
      'totp',
      '/Example:alice',
    ])
    const secret = address.searchParams.get('secret') ?? ''
    // The key to type, and the link for this device, are the same.
    await page.getByText('Can’t scan the code?').click()
    expect((await page.locator('code.key').innerText()).replaceAll(' ', '')).toBe(secret)
    const link = page.getByRole('link', { name: 'Set it up on this device' })
    expect(await link.getAttribute('href')).toBe(uri)
    await expectSoundPage(tab)
    await enterCode(page, appCode(secret, app.clock.now))
    expect(path()).toBe('/second-factor/factors/recovery')
    await expectSoundPage(tab)
  })

  test.each([true, false])(
    'is asked for, and passes; wrong and used codes say so (scripts: %s)',
    async (javaScriptEnabled) => {
      const { code } = await setUpApp(app)
      await open({ javaScriptEnabled })
      await enterPassword(page)
      expect(await heading()).toBe('Enter the code from your app')
      await expectSoundPage(tab)
      await enterCode(page, code())
      expect(await page.getByRole('alert').innerText()).toMatch(/used/i)
      expect(await page.getByRole('main').innerText()).toContain('Wait for the next one.')
      await expectSoundPage(tab)
      await enterCode(page, '000000')
      expect(await page.getByRole('main').innerText()).toContain('sets its time automatically')
      app.clock.advance(60)
      await enterCode(page, code())
      expect(path()).toBe('/account')
    },
  )

  test('keeps its QR code after a wrong first code, and a reload makes a new one', async () => {
    await open()
    await enterPassword(page)
    await page.goto('/second-factor/factors/totp')
    const link = () =>
      page.getByRole('link', { name: 'Set it up on this device' }).getAttribute('href')
    const first = await link()
    await enterCode(page, '000000')
    expect(await link()).toBe(first)
    expect(await readCode(browser, await page.screenshot({ fullPage: true }))).toBe(first)
    await expectSoundPage(tab)
    const secret = new URL(first ?? '').searchParams.get('secret') ?? ''
    await enterCode(page, appCode(secret, app.clock.now))
    expect(path()).toBe('/second-factor/factors/recovery')
  })

  test.each([true, false])(
    'can be replaced when lost, after a recovery code (scripts: %s)',
    async (javaScriptEnabled) => {
      const { browser: owner } = await setUpApp(app)
      const [code = ''] = await setUpCodes(owner)
      await open({ javaScriptEnabled })
      await enterPassword(page)
      await page.getByRole('link', { name: 'Use a recovery code' }).click()
      await page.waitForLoadState()
      expect(await heading()).toBe('Enter a recovery code')
      await expectSoundPage(tab)
      expect(await page.getByRole('link', { name: 'Use your authenticator app' }).count()).toBe(1)
      await page.getByLabel('Recovery code').fill('ABCD')
      await press(page, 'Confirm')
      expect(await page.getByRole('alert').innerText()).toContain('24 letters and digits')
      await page.getByLabel('Recovery code').fill(code.toLowerCase())
      await press(page, 'Confirm')
      // Whoever has lost an app comes to the page to set another up on.
      expect(path()).toBe('/second-factor/factors')
      await expectSoundPage(tab)
      expect(await page.getByRole('main').innerText()).toContain('Codes left: 9 of 10')
      await page.goto('/second-factor/factors/totp')
      const uri = await page
        .getByRole('link', { name: 'Set it up on this device' })
        .getAttribute('href')
      const secret = new URL(uri ?? '').searchParams.get('secret') ?? ''
      await enterCode(page, appCode(secret, app.clock.now))
      app.clock.advance(60)
      await page.context().clearCookies()
      await enterPassword(page)
      await enterCode(page, appCode(secret, app.clock.now))
      expect(path()).toBe('/account')
    },
  )

  test('can be left for the previous account, and Back resubmits nothing', async () => {
    const { code } = await setUpApp(app)
    app.clock.advance(60)
    await open()
    await enterPassword(page)
    await enterCode(page, code())
    expect(path()).toBe('/account')
    await page.goBack()
    expect(path()).toBe('/second-factor/')
    expect(await page.getByLabel('Code', { exact: true }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Continue' }).count()).toBe(1)
    await expectSoundPage(tab)
  })
})
