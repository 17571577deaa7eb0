/** A person makes the example trust the browser, and finds it in the list of devices. */

import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  chromiumPath,
  expectSoundPage,
  launchChromium,
  openTab,
  press,
} from '../support/chromium.js'
import { newDatabase, passwords, phones, startExample, type Example } from '../support/example.js'

const program = chromiumPath()

const screens: readonly (readonly [name: string, options: BrowserContextOptions])[] = [
  [
    '1,280 pixels wide, in the dark',
    { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  ],
  ['320 pixels wide', { viewport: { width: 320, height: 568 }, javaScriptEnabled: false }],
]

describe.runIf(program !== null).each(screens)('in a window %s', (_window, options) => {
  let browser: Browser
  let example: Example
  beforeAll(async () => {
    ;[browser, example] = await Promise.all([
      launchChromium(program ?? ''),
      startExample({ DATABASE_URL: newDatabase() }),
    ])
  })
  afterAll(() => browser.close())

  test('a trusted browser needs only the password until the person ends the trust', async () => {
    const tab = await openTab(browser, { baseURL: example.url, ...options })
    const { page } = tab
    const path = () => new URL(page.url()).pathname
    const logIn = async () => {
      await page.goto('/login')
      await page.getByLabel('User name').fill('dave')
      await page.getByLabel('Password', { exact: true }).fill(passwords.dave)
      await press(page, 'Log in')
    }
    await logIn()
    await page.getByLabel('Don’t ask me again on this device for 30 days').check()
    await expectSoundPage(tab)
    await page.getByLabel('Code', { exact: true }).fill(await example.codeFor(phones.dave))
    await press(page, 'Confirm')
    expect(path()).toBe('/account')

    await press(page, 'Log out')
    await logIn()
    expect(path()).toBe('/account')
    await expectSoundPage(tab)
    await page.getByRole('link', { name: 'trust this device' }).click()
    const list = page.getByRole('main')
    expect(await list.innerText()).toMatch(/Devices you trust.+This device.+Trusted until /s)
    await expectSoundPage(tab)
    const again = page.getByRole('button', { name: 'Ask me again here' })
    await Promise.all([page.waitForEvent('load'), again.click()])
    // The login on a trusted device ends with the trust: the person is asked at once.
    expect(path()).toBe('/second-factor/')
    await page.context().clearCookies()
    await logIn()
    expect(path()).toBe('/second-factor/')
  })
})
