/** A new password in a real browser: revealed on request, with its strength; and times in the reader's format. */

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { appCode } from '../support/authenticator.js'
import {
  chromiumPath,
  expectSoundPage,
  launchChromium,
  openTab,
  press,
  type Tab,
} from '../support/chromium.js'
import { newDatabase, startExample, type Example } from '../support/example.js'

const program = chromiumPath()

describe.runIf(program !== null)('a person with a new account', () => {
  let browser: Browser
  let example: Example
  beforeAll(async () => {
    ;[browser, example] = await Promise.all([
      launchChromium(program ?? ''),
      startExample({ DATABASE_URL: newDatabase() }),
    ])
  })
  afterAll(() => browser.close())

  // A language in which the pages are not written, and a zone that is half an hour off.
  const swedish = { locale: 'sv-SE', timezoneId: 'Asia/Kolkata' }
  const open = (options = {}) => openTab(browser, { baseURL: example.url, ...options })

  test('can reveal the password, and learns how strong it is', async () => {
    const tab = await open()
    const { page } = tab
    await page.goto('/register')
    const field = page.getByLabel('Password', { exact: true })
    const strength = page.getByRole('status')
    await page.getByLabel('User name').fill('mallory')
    for (const [password, words] of [
      ['7 chars', '1 more to go'],
      ['mallory-and-more', 'easy to guess'],
      ['abababababab', 'easy to guess'],
      ['12345678901', 'easy to guess'],
      ['tvkz mhwq', 'fair'],
      ['green cows sing low', 'strong'],
    ] as const) {
      await field.fill(password)
      expect(await strength.innerText()).toBe(`Strength: ${words}`)
    }
    await page.getByRole('button', { name: 'Show password' }).click()
    expect(await field.getAttribute('type')).toBe('text')
    await page.getByRole('button', { name: 'Hide password' }).click()
    expect(await field.getAttribute('type')).toBe('password')
    await expectSoundPage(tab)
  })

  test('sets up an app without reading anything, and changes the password with its code', async () => {
    const tab: Tab = await open(swedish)
    const { page } = tab
    await page.goto('/register')
    await page.getByLabel('User name').fill('nora')
    await page.getByLabel('Password', { exact: true }).fill('green cows sing low')
    await press(page, 'Create account')
    await page.getByRole('link', { name: 'Set up', exact: false }).click()
    const [, secret = ''] = /[?&]secret=([A-Z2-7]{32})/.exec(await page.content()) ?? []
    await page.locator('input[name=code]').fill(appCode(secret, example.now()))
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
    await page.goto('/account')
    // 29 nov. 2026 22:55: as Swedish has it, and in the zone of the browser.
    const time = page.locator('time').first()
    expect(await time.innerText()).toMatch(/^\d+ \p{Ll}+\.? \d{4} \d\d:\d\d$/u)
    const at = new Date((await time.getAttribute('datetime')) ?? '')
    const there = new Date(at.getTime() + 5.5 * 3_600_000).toISOString()
    expect(await time.innerText()).toContain(there.slice(11, 16))
    expect(await time.getAttribute('lang')).toBe('sv-SE')
    await expectSoundPage(tab)

    await page.goto('/profile')
    expect(await page.getByRole('main').innerText()).toMatch(/Authenticator app\s+on/)
    await page.getByRole('link', { name: 'Change password' }).click()
    await page.getByLabel('Current password', { exact: true }).fill('green cows sing high')
    await page.getByLabel('New password', { exact: true }).fill('blue horses sing low')
    await press(page, 'Change password')
    await page.locator('#current[aria-invalid=true]:focus').waitFor()
    await expectSoundPage(tab)
    await page.getByLabel('Current password', { exact: true }).fill('green cows sing low')
    await page.getByLabel('New password', { exact: true }).fill('blue horses sing low')
    await press(page, 'Change password')
    expect(await page.getByRole('status').innerText()).toContain('every other browser')
    await expectSoundPage(tab)
  })

  test('sees times in UTC and no dead buttons without JavaScript', async () => {
    const { page } = await open({ ...swedish, javaScriptEnabled: false })
    await page.goto('/register')
    expect(await page.getByRole('button').allInnerTexts()).toEqual(['Create account'])
    await example.login('alice')
    await page.goto('/dev/inbox')
    expect(await page.locator('time').first().innerText()).toMatch(/^\d+ \w+ \d{4}, \d\d:\d\d UTC$/)
  })

  test('sees on the login page that the login timed out', async () => {
    const { page } = await open()
    await page.goto('/login')
    await page.getByLabel('User name').fill('dave')
    await page.getByLabel('Password', { exact: true }).fill('shared-5')
    await press(page, 'Log in')
    await example.advance(601)
    await page.goto('/account')
    expect(new URL(page.url()).pathname).toBe('/login')
    expect(await page.getByRole('status').innerText()).toContain('Your login timed out.')
  })
})
