/** A large transfer in the example: a person who has only a phone adds a passkey on the way and continues with it. */

import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import {
  chromiumPath,
  expectSoundPage,
  launchChromium,
  openTab,
  press,
  type Tab,
} from '../support/chromium.js'
import { newDatabase, passwords, phones, startExample, type Example } from '../support/example.js'
import { authenticatorsOf, type Authenticators } from '../support/passkeys-in-browser.js'

const program = chromiumPath()

const screens: readonly (readonly [name: string, options: BrowserContextOptions])[] = [
  ['1,280 pixels wide', { viewport: { width: 1280, height: 800 } }],
  ['320 pixels wide, in the dark', { viewport: { width: 320, height: 568 }, colorScheme: 'dark' }],
]

describe.runIf(program !== null).each(screens)('in a window %s', (_window, options) => {
  let browser: Browser
  let example: Example
  let tab: Tab
  let keys: Authenticators
  beforeAll(async () => {
    ;[browser, example] = await Promise.all([
      launchChromium(program ?? ''),
      startExample({ DATABASE_URL: newDatabase() }),
    ])
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    tab = await openTab(browser, { baseURL: example.url, ...options })
    keys = await authenticatorsOf(tab.page)
  })

  const path = () => new URL(tab.page.url()).pathname
  const main = () => tab.page.getByRole('main').innerText()

  async function logIn(): Promise<void> {
    const { page } = tab
    await page.goto('/login')
    await page.getByLabel('User name').fill('alice')
    await page.getByLabel('Password', { exact: true }).fill(passwords.alice)
    await press(page, 'Log in')
  }

  async function transfer(amount: string): Promise<void> {
    await tab.page.goto('/account')
    await tab.page.getByLabel('To', { exact: true }).fill('bob')
    await tab.page.getByLabel('Amount').fill(amount)
    await press(tab.page, 'Transfer')
  }

  test('a person with only a phone adds a passkey on the way to a large transfer', async () => {
    const { page } = tab
    await keys.plug()
    await logIn()
    await page.getByLabel('Code', { exact: true }).fill(await example.codeFor(phones.alice))
    await press(page, 'Confirm')
    await expectSoundPage(tab)
    expect(await main()).toContain('Above €100.00, you’ll need a passkey or an authenticator app.')
    await transfer('100')
    expect(await main()).toContain('You sent €100.00 to bob.')

    await transfer('100,01')
    expect(await main()).toContain('This needs another way to confirm it’s you.')
    await expectSoundPage(tab)
    await page.getByRole('link', { name: 'Add a passkey' }).click()
    await expectSoundPage(tab)
    await press(page, 'Create a passkey')
    // Recovery codes come next, for whoever loses the device.
    expect(path()).toBe('/second-factor/factors/recovery')
    await page.getByLabel('I’ve saved these codes').check()
    await press(page, 'Confirm')

    expect(path()).toBe('/account')
    expect(await main()).toContain('Nothing has been sent yet.')
    expect(await page.getByLabel('Amount').inputValue()).toBe('100,01')
    await expectSoundPage(tab)
    await press(page, 'Transfer')
    expect(await main()).toContain('You sent €100.01 to bob.')

    // The next login asks for the passkey, which does for a large transfer as well.
    await press(page, 'Log out')
    await logIn()
    await expectSoundPage(tab)
    await press(page, 'Use your passkey')
    await transfer('200')
    expect(await main()).toContain('You sent €200.00 to bob.')
    await page.goto('/profile')
    await expectSoundPage(tab)
  })
})
