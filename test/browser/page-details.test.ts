/** Details that make the pages pleasant in a real browser: help, the account, explained waits and slow networks. */

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import type { TestApp, TestAppOptions } from '../support/app.js'
import {
  chromiumPath,
  expectSoundPage,
  launchChromium,
  press,
  type Tab,
} from '../support/chromium.js'
import { openLoggedIn, passTime, startWithPages } from '../support/pages-in-browser.js'

const program = chromiumPath()

describe.runIf(program !== null)('a page', () => {
  let browser: Browser
  let app: TestApp
  let tab: Tab
  let page: Page
  beforeAll(async () => {
    browser = await launchChromium(program ?? '')
  })
  afterAll(() => browser.close())

  async function open(options: TestAppOptions = {}, context = {}, username = 'alice') {
    app = await startWithPages(options)
    tab = await openLoggedIn(browser, app, username, context)
    page = tab.page
  }
  afterEach(async () => {
    await page.context().close()
    await app.close()
  })

  const code = () => page.getByLabel('Code', { exact: true })
  const announced = () => page.locator('.announcer').innerText()
  const confirm = () => page.locator('form[data-code] button')

  /** From now on no form gets an answer, as on a network that has gone; `window.sent` counts what was sent. */
  const loseNetwork = () =>
    page.evaluate(`window.sent = 0
      document.addEventListener('submit', (event) => {
        if (event.defaultPrevented) return
        event.preventDefault()
        window.sent += 1
      })`)

  test('shows on its button that it is working if no response comes, and submits once', async () => {
    await open()
    await loseNetwork()
    await code().fill(app.codeFor('alice'))
    await confirm().click()
    expect(await confirm().innerText()).toBe('Confirm')
    await page.clock.runFor(500)
    expect([await confirm().innerText(), await announced()]).toEqual(['One moment…', 'One moment…'])
    expect(await confirm().getAttribute('aria-busy')).toBe('true')
    await confirm().click()
    expect(await page.evaluate('window.sent')).toBe(1)
    // Whoever has waited long enough may try again.
    await page.clock.runFor(9500)
    expect([await confirm().innerText(), await confirm().getAttribute('aria-busy')]).toEqual([
      ...['Confirm', null],
    ])
    await confirm().click()
    expect(await page.evaluate('window.sent')).toBe(2)
  })

  test('lets the keyboard reach a waiting button, which says what it waits for', async () => {
    await open()
    const again = page.getByRole('button', { name: 'Send the code again' })
    await page.getByRole('button', { name: 'Confirm' }).focus()
    await page.keyboard.press('Tab')
    expect(await page.locator('button:focus').innerText()).toBe('Send the code again')
    const place = (await again.getAttribute('aria-describedby')) ?? 'none'
    expect(await page.locator(`#${place}`).innerText()).toContain('another code in 30 seconds.')
    await page.keyboard.press('Enter')
    expect(await announced()).toBe('You can request another code in 30 seconds.')
    expect(app.inbox.inbox()).toHaveLength(1)
    await passTime(app, page, 30)
    expect(await again.getAttribute('aria-describedby')).toBeNull()
    await press(page, 'Send the code again')
    expect(app.inbox.inbox()).toHaveLength(2)
  })

  test('accepts a code pasted anywhere on it', async () => {
    await open()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.evaluate(`navigator.clipboard.writeText('${app.codeFor('alice')}')`)
    await page.evaluate('document.activeElement.blur()')
    await page.keyboard.press('Control+V')
    expect(await code().inputValue()).toBe(app.codeFor('alice'))
    await press(page, 'Confirm')
    expect(new URL(page.url()).pathname).toBe('/account')
  })

  test('shows the account and where to get help, accessibly', async () => {
    const users = {
      id: (user: { id: number }) => user.id,
      phone: (user: { phone: string | null }) => user.phone,
      label: (user: { username: string }) => `${user.username}@shop.example`,
    }
    await open({ secondFactor: { users, pages: { support: { url: 'mailto:help@shop.example' } } } })
    const text = await page.getByRole('main').innerText()
    expect(text).toContain('Account: alice@shop.example')
    expect(await page.getByRole('link', { name: 'Contact support' }).getAttribute('href')).toBe(
      'mailto:help@shop.example',
    )
    await expectSoundPage(tab)
  })

  test('shows a phone in the person’s local format', async () => {
    await open({}, { locale: 'fr-CM' }, 'carol')
    expect(await page.locator('#example').innerText()).toContain('+237 6 71 23 45 67')
  })
})
