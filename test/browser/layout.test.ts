/**
 * Every page on a phone, a tablet and a desktop, in light and dark, enlarged: readable, complete, as the guide shows
 * it.
 */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  chromiumPath,
  expectSoundPage,
  launchChromium,
  openTab,
  press,
  type Tab,
} from '../support/chromium.js'
import { newDatabase, passwords, phones, startExample, type Example } from '../support/example.js'

const program = chromiumPath()

/** The folder for screenshots, such as `example-app/screenshots`; none are taken unless `SCREENSHOTS` is set. */
const folder = process.env['SCREENSHOTS']

/** The window of the guide's pictures, and their names. */
const guide = '768 pixels wide, in the light'
const pictures = ['login', 'challenge', 'account', 'profile', 'sessions', 'phone', 'inbox']

const windows: readonly (readonly [name: string, options: BrowserContextOptions])[] = [
  ['320 pixels wide, as the smallest phone', { viewport: { width: 320, height: 568 } }],
  [
    '320 pixels wide, in the dark',
    { viewport: { width: 320, height: 568 }, colorScheme: 'dark', reducedMotion: 'reduce' },
  ],
  [guide, { viewport: { width: 768, height: 800 } }],
  ['1,280 pixels wide', { viewport: { width: 1280, height: 800 } }],
  [
    '1,280 pixels wide, in the dark',
    { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  ],
  ['1,280 pixels wide, at 200 %', { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
]

let browser: Browser
beforeAll(async () => {
  if (program !== null) browser = await launchChromium(program)
})
afterAll(async () => {
  if (program !== null) await browser.close()
})

describe.runIf(program !== null).each(windows)('in a window %s', (window, options) => {
  let example: Example
  let tab: Tab
  beforeAll(async () => {
    example = await startExample({ DATABASE_URL: newDatabase() })
    tab = await openTab(browser, { baseURL: example.url, ...options })
  })
  afterAll(async () => {
    await tab.page.context().close()
    await example.stop()
  })

  async function look(name: string): Promise<void> {
    await expectSoundPage(tab)
    if (folder === undefined || window !== guide || !pictures.includes(name)) return
    mkdirSync(folder, { recursive: true })
    await tab.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
  }

  test('every page is sound', async () => {
    const { page } = tab
    const visit = async (path: string, name: string) => {
      await page.goto(path)
      await look(name)
    }
    await visit('/', 'home')
    await page.goto('/register')
    await page.getByLabel('User name').fill('alice')
    await page.getByLabel('Password', { exact: true }).fill('a new password')
    await look('register')
    await press(page, 'Create account')
    await look('refused-registration')
    await visit('/nowhere', 'message')
    await page.goto('/account')
    await page.getByLabel('User name').fill('alice')
    await look('login')
    await page.getByLabel('Password', { exact: true }).fill(passwords.alice)
    await press(page, 'Log in')
    await look('challenge')
    await page.getByLabel('Code', { exact: true }).fill('000000')
    await press(page, 'Confirm')
    await look('wrong-code')
    await page.getByLabel('Code', { exact: true }).fill(await example.codeFor(phones.alice))
    await press(page, 'Confirm')
    await look('account')
    await visit('/profile', 'profile')
    await visit('/password', 'password')
    await visit('/sessions', 'sessions')
    await visit('/second-factor/', 'passed')
    await visit('/second-factor/phone', 'phone')
    await page.getByLabel('Phone number').fill('+33612345678')
    await press(page, 'Send a code to this number')
    await look('verify-phone')
    await page.getByLabel('Code', { exact: true }).fill(await example.codeFor('+33612345678'))
    await press(page, 'Confirm')
    await visit('/dev/inbox', 'inbox')
    // A word that no line is long enough for.
    await page.goto('/account')
    await page.getByLabel('To', { exact: true }).fill('x'.repeat(200))
    await page.getByLabel('Amount').fill('1')
    await press(page, 'Transfer')
    await look('receipt')
    await page.goto('/account')
    await page.getByLabel('To', { exact: true }).fill('bob')
    await page.getByLabel('Amount').fill('nothing')
    await press(page, 'Transfer')
    await look('refused-transfer')
    await page.goto('/sessions')
    await press(page, 'Log out everywhere')
    await look('logged-out')
    expect(tab.complaints).toEqual([])
  })
})
