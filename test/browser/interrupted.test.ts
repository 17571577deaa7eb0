/** The second factor interrupts people in the middle of something, and they return to it. */

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { wrongCode } from '../support/codes.js'
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

describe.runIf(program !== null).each([
  ['with JavaScript', true],
  ['without JavaScript', false],
])('a person %s', (_name, javaScriptEnabled) => {
  let browser: Browser
  let example: Example
  beforeAll(async () => {
    ;[browser, example] = await Promise.all([
      launchChromium(program ?? ''),
      startExample({ DATABASE_URL: newDatabase() }),
    ])
  })
  afterAll(() => browser.close())

  const type = async ({ page }: Tab, code: string) => {
    await page.getByLabel('Code', { exact: true }).fill(code)
    await press(page, 'Confirm')
  }
  const heading = ({ page }: Tab) => page.getByRole('heading', { level: 1 }).innerText()

  /** Somebody who is in, some time after the last message went out. */
  async function openPassed(username: 'alice' | 'dave'): Promise<Tab> {
    await example.advance(3600)
    const tab = await openTab(browser, { baseURL: example.url, javaScriptEnabled })
    await tab.page.goto('/login')
    await tab.page.getByLabel('User name').fill(username)
    await tab.page.getByLabel('Password').fill(passwords[username])
    await press(tab.page, 'Log in')
    await type(tab, await example.codeFor(phones[username]))
    expect(await heading(tab)).toBe('Account')
    return tab
  }

  test('confirms a transfer with a fresh code and finds it as typed', async () => {
    const tab = await openPassed('dave')
    const { page } = tab
    await example.advance(301)
    const to = 'Bob "the builder" <bob@example.com> & sons'
    await page.getByLabel('To', { exact: true }).fill(to)
    await page.getByLabel('Amount').fill('12.50')
    await press(page, 'Transfer')
    expect(await page.getByRole('alert').innerText()).toContain(
      'enter a new code before you continue',
    )
    await expectSoundPage(tab)
    await press(page, 'Send me a code')
    const code = await example.codeFor(phones.dave)
    await type(tab, wrongCode(code))
    await type(tab, code)
    expect(await heading(tab)).toBe('Account')
    expect(await page.getByLabel('To', { exact: true }).inputValue()).toBe(to)
    expect(await page.getByLabel('Amount').inputValue()).toBe('12.50')
    expect(await page.getByRole('status').innerText()).toContain('Nothing has been sent yet.')
    await page.locator('button:focus', { hasText: 'Transfer' }).waitFor()
    await expectSoundPage(tab)
    await press(page, 'Transfer')
    expect(await page.getByRole('main').innerText()).toContain(to)
    // It came through, so the next form is an empty one.
    await page.goto('/account')
    expect(await page.getByLabel('To', { exact: true }).inputValue()).toBe('')
  })

  test('confirms a transfer that was first refused, and finds that as typed too', async () => {
    const tab = await openPassed('dave')
    const { page } = tab
    await page.getByLabel('To', { exact: true }).fill('bob')
    await page.getByLabel('Amount').fill('12.505')
    await press(page, 'Transfer')
    expect(await page.getByRole('alert').innerText()).toContain('Enter an amount, such as 12.50.')
    await page.locator('#amount[aria-invalid=true]:focus').waitFor()
    await example.advance(301)
    await page.getByLabel('Amount').fill('12,50')
    await press(page, 'Transfer')
    await press(page, 'Send me a code')
    await type(tab, await example.codeFor(phones.dave))
    expect(await heading(tab)).toBe('Account')
    expect(await page.getByLabel('To', { exact: true }).inputValue()).toBe('bob')
    expect(await page.getByLabel('Amount').inputValue()).toBe('12,50')
    await press(page, 'Transfer')
    expect(await page.getByRole('main').innerText()).toContain('You sent €12.50 to bob.')
  })

  test('changes the phone after a fresh code, and the old phone is notified', async () => {
    const tab = await openPassed('alice')
    const { page } = tab
    await example.advance(301)
    await page.goto('/profile')
    await Promise.all([
      page.waitForURL('**/second-factor/'),
      page.getByRole('link', { name: 'Change the number' }).click(),
    ])
    await press(page, 'Send me a code')
    await type(tab, await example.codeFor(phones.alice))
    expect(await heading(tab)).toBe('Your phone number')
    expect(await page.getByRole('main').innerText()).toContain('Your number ends in 67.')
    await page.getByLabel('Phone number').fill('0612345678')
    await press(page, 'Send a code to this number')
    expect(await page.getByRole('alert').innerText()).toContain('The country code is missing')
    expect(await page.getByLabel('Phone number').inputValue()).toBe('0612345678')
    await expectSoundPage(tab)
    await example.advance(30)
    await page.getByLabel('Phone number').fill('+33 6 12 34 56 78')
    await press(page, 'Send a code to this number')
    expect(await heading(tab)).toBe('Confirm your number')
    await type(tab, await example.codeFor('+33612345678'))
    expect(await page.getByRole('main').innerText()).toContain('Your phone number now ends in 78.')
    await expectSoundPage(tab)
    await Promise.all([
      page.waitForURL('**/profile'),
      page.getByRole('link', { name: 'Continue' }).click(),
    ])
    expect(await page.getByRole('main').innerText()).toContain('••••78')
    await page.goto(`/dev/inbox?to=${encodeURIComponent(phones.alice)}`)
    expect(await page.getByRole('listitem').first().innerText()).toContain(
      'Your phone number was replaced by one ending in 78.',
    )
    await expectSoundPage(tab)
  })
})
