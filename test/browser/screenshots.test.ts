/** Every page on a phone, a tablet and a desk, in light and dark: readable, whole, and as the guide shows it. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

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

/** Where pictures go, such as `example-app/screenshots`; nowhere unless `SCREENSHOTS` says so. */
const folder = process.env['SCREENSHOTS']

/** The pictures of the guide. */
const guide = {
  width: 768,
  colorScheme: 'light',
  names: ['login', 'challenge', 'account', 'sessions', 'phone', 'inbox'],
}

const widths = [320, 768, 1280]
const colorSchemes = ['light', 'dark'] as const

const windows = widths.flatMap((width) => colorSchemes.map((scheme) => [width, scheme] as const))

describe.runIf(program !== null).each(windows)('at %i pixels in the %s', (width, colorScheme) => {
  let browser: Browser
  let example: Example
  let tab: Tab
  beforeAll(async () => {
    ;[browser, example] = await Promise.all([
      launchChromium(program ?? ''),
      startExample({ DATABASE_URL: newDatabase() }),
    ])
    const viewport = { width, height: Math.min(width * 2, 800) }
    tab = await openTab(browser, { baseURL: example.url, viewport, colorScheme })
  })
  afterAll(() => browser.close())

  async function look(name: string): Promise<void> {
    await expectSoundPage(tab)
    const ofGuide = width === guide.width && colorScheme === guide.colorScheme
    if (folder === undefined || !ofGuide || !guide.names.includes(name)) return
    mkdirSync(folder, { recursive: true })
    await tab.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
  }

  it('is every page sound', async () => {
    const { page } = tab
    const visit = async (path: string, name: string) => {
      await page.goto(path)
      await look(name)
    }
    await visit('/', 'home')
    await visit('/register', 'register')
    await visit('/nowhere', 'message')
    await page.goto('/account')
    await page.getByLabel('User name').fill('alice')
    await look('login')
    await page.getByLabel('Password').fill(passwords.alice)
    await press(page, 'Log in')
    await look('challenge')
    await page.getByLabel('Code', { exact: true }).fill('000000')
    await press(page, 'Confirm')
    await look('wrong-code')
    await page.getByLabel('Code', { exact: true }).fill(await example.codeFor(phones.alice))
    await press(page, 'Confirm')
    await look('account')
    await visit('/profile', 'profile')
    await visit('/sessions', 'sessions')
    await visit('/second-factor/', 'passed')
    await visit('/second-factor/phone', 'phone')
    await page.getByLabel('Phone number').fill('+33612345678')
    await press(page, 'Send a code to this number')
    await look('confirm-number')
    await page.getByLabel('Code', { exact: true }).fill(await example.codeFor('+33612345678'))
    await press(page, 'Confirm')
    await visit('/dev/inbox', 'inbox')
    // A word that no line is long enough for.
    await page.goto('/account')
    await page.getByLabel('To', { exact: true }).fill('x'.repeat(200))
    await page.getByLabel('Amount').fill('1')
    await press(page, 'Transfer')
    await look('receipt')
    expect(tab.complaints).toEqual([])
  })
})
