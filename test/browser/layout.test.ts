/** Every page can be read on a small screen, enlarged, and in the dark. */

import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, it } from 'vitest'

import { wrongFor } from '../support/app.js'
import {
  chromiumPath,
  expectSoundPage,
  launchChromium,
  openTab,
  press,
} from '../support/chromium.js'
import { newDatabase, passwords, phones, startExample, type Example } from '../support/example.js'

const program = chromiumPath()

const windows: readonly (readonly [name: string, options: BrowserContextOptions])[] = [
  [
    '320 pixels wide, as the smallest phone or at 400 % of 1,280',
    { viewport: { width: 320, height: 568 } },
  ],
  ['at 200 % of 1,280 pixels', { viewport: { width: 640, height: 480 }, deviceScaleFactor: 2 }],
  ['in the dark', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' }],
]

describe.runIf(program !== null).each(windows)('in a window %s', (_name, options) => {
  let browser: Browser
  let example: Example
  beforeAll(async () => {
    ;[browser, example] = await Promise.all([
      launchChromium(program ?? ''),
      startExample({ DATABASE_URL: newDatabase() }),
    ])
  })
  afterAll(() => browser.close())

  it('no page needs scrolling sideways, and each text stands out from what is behind it', async () => {
    const tab = await openTab(browser, { baseURL: example.url, ...options })
    const { page } = tab
    const look = () => expectSoundPage(tab)
    const visit = async (path: string) => {
      await page.goto(path)
      await look()
    }
    for (const path of ['/', '/login', '/register', '/nowhere']) await visit(path)
    await page.goto('/login')
    await page.getByLabel('User name').fill('alice')
    await page.getByLabel('Password').fill(passwords.alice)
    await press(page, 'Log in')
    await look()
    const code = await example.codeFor(phones.alice)
    await page.getByLabel('Code', { exact: true }).fill(wrongFor(code))
    await press(page, 'Confirm')
    await look()
    await visit('/dev/inbox')
    await visit('/profile')
    await page.goto('/second-factor/')
    await page.getByLabel('Code', { exact: true }).fill(code)
    await press(page, 'Confirm')
    await look()
    await visit('/second-factor/')
    await visit('/second-factor/phone')
    await visit('/account')
    await page.getByLabel('To', { exact: true }).fill('x'.repeat(200))
    await page.getByLabel('Amount').fill('1')
    await press(page, 'Transfer')
    await look()
    await visit('/account')
    await page.getByLabel('To', { exact: true }).fill('bob')
    await page.getByLabel('Amount').fill('nothing')
    await press(page, 'Transfer')
    await look()
    await visit('/sessions')
    await press(page, 'Log out everywhere')
    await look()
  })
})
