/** People use the example in a real browser, without JavaScript. */

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { appCode } from '../support/authenticator.js'
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

describe.runIf(program !== null)('a person with a browser', () => {
  let browser: Browser
  let example: Example
  let tab: Tab
  beforeAll(async () => {
    ;[browser, example] = await Promise.all([
      launchChromium(program ?? ''),
      startExample({ DATABASE_URL: newDatabase() }),
    ])
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    // The waits of the test before are over.
    await example.advance(3600)
    tab = await openTab(browser, { baseURL: example.url, javaScriptEnabled: false })
  })

  const alert = () => tab.page.getByRole('alert').innerText()
  const heading = () => tab.page.getByRole('heading', { level: 1 }).innerText()
  const send = (button: string) => press(tab.page, button)

  async function logIn(username: keyof typeof passwords): Promise<void> {
    await tab.page.goto('/login')
    await tab.page.getByLabel('User name').fill(username)
    await tab.page.getByLabel('Password').fill(passwords[username])
    await send('Log in')
  }

  async function type(code: string): Promise<void> {
    await tab.page.getByLabel('Code', { exact: true }).fill(code)
    await send('Confirm')
  }

  test('goes from the home page to the account, and every page is sound', async () => {
    const { page } = tab
    await page.goto('/')
    await expectSoundPage(tab)
    await page.getByRole('link', { name: 'Account', exact: true }).click()
    expect(new URL(page.url()).pathname).toBe('/login')
    await expectSoundPage(tab)
    await page.getByLabel('User name').fill('alice')
    await page.getByLabel('Password').fill('wonderland-8')
    await send('Log in')
    expect(await alert()).toBe('Wrong user name or password.')
    await expectSoundPage(tab)
    expect(await page.getByLabel('User name').inputValue()).toBe('alice')
    await page.getByLabel('Password').fill(passwords.alice)
    await send('Log in')
    expect(new URL(page.url()).pathname).toBe('/second-factor/')
    expect(await heading()).toBe('Confirm it’s you')
    await expectSoundPage(tab)

    const code = await example.codeFor(phones.alice)
    await type(wrongCode(code))
    expect(await alert()).toBe(
      'That code isn’t right. Check it and try again. You have 4 tries left.',
    )
    await expectSoundPage(tab)
    await type(code)
    expect(new URL(page.url()).pathname).toBe('/account')
    expect(await page.getByRole('main').innerText()).toContain('Hello alice')
    await expectSoundPage(tab)
    for (const link of ['Profile', 'Home']) {
      await page.getByRole('link', { name: link }).click()
      expect(await page.getByRole('main').innerText()).toContain('alice')
      await expectSoundPage(tab)
    }
  })

  test('asks for the code again, at first too early', async () => {
    await logIn('alice')
    const code = await example.codeFor(phones.alice)
    await send('Send the code again')
    expect(await alert()).toContain('We’ve just sent a code.')
    await expectSoundPage(tab)
    await example.advance(30)
    await send('Send the code again')
    expect(await tab.page.getByRole('alert').count()).toBe(0)
    expect(await example.codeFor(phones.alice)).toBe(code)
    await type(code)
    expect(await heading()).toBe('Account')
  })

  test('sees that the factor is locked and when the lock ends', async () => {
    await logIn('bob')
    for (let failures = 1; failures <= 10; failures += 1) {
      await type(wrongCode(await example.codeFor(phones.bob)))
      if (failures !== 5) continue
      expect(await alert()).toBe(
        'That code isn’t right. You’ve run out of tries. Request a new code.',
      )
      await expectSoundPage(tab)
      await example.advance(30)
      await send('Send me a code')
    }
    await tab.page.goto('/second-factor/')
    expect(await alert()).toMatch(/you can’t enter a code until .+ \(in 30 minutes\)/)
    await expectSoundPage(tab)
  })

  test('without a phone is led to set an app up, gets recovery codes, and adds a phone', async () => {
    const { page } = tab
    await logIn('carol')
    expect(await heading()).toBe('Set up a second step')
    await expectSoundPage(tab)
    await page.getByRole('link', { name: 'Set up an authenticator app' }).click()
    await expectSoundPage(tab)
    const [, secret = ''] = /[?&]secret=([A-Z2-7]{32})/.exec(await page.content()) ?? []
    await type(appCode(secret, example.now()))
    await page.goto('/account')
    expect(await page.getByRole('main').innerText()).toContain('Hello carol')
    await page.goto('/profile')
    await page.getByRole('link', { name: 'Get recovery codes' }).click()
    await expectSoundPage(tab)
    await page.getByRole('checkbox').check()
    await send('Confirm')
    await page.goto('/profile')
    expect(await page.getByRole('main').innerText()).toMatch(/Recovery codes\s+on/)
    await page.getByRole('link', { name: 'Add a number' }).click()
    const field = page.getByLabel('Phone number')
    await field.fill('12345')
    await send('Send a code to this number')
    expect(await alert()).toContain('The country code is missing')
    await field.fill('+33 6 12 34 56 78')
    await send('Send a code to this number')
    await expectSoundPage(tab)
    await type(await example.codeFor('+33612345678'))
    await page.goto('/profile')
    expect(await page.getByRole('main').innerText()).toContain('••••78')
  })

  test('registers, and a refused form keeps what was typed', async () => {
    const { page } = tab
    await page.goto('/register')
    await expectSoundPage(tab)
    const fill = async (username: string) => {
      await page.getByLabel('User name').fill(username)
      await page.getByLabel('Password').fill('a new password')
    }
    await fill('alice')
    await page.getByLabel('Phone number').fill('+33612345679')
    await send('Create account')
    expect(await alert()).toBe('That user name is taken.')
    await expectSoundPage(tab)
    await fill('erin')
    expect(await page.getByLabel('Phone number').inputValue()).toBe('+33612345679')
    await send('Create account')
    await type(await example.codeFor('+33612345679'))
    expect(await page.getByRole('main').innerText()).toContain('Hello erin')
  })

  test('confirms once more before a transfer when the last code is old', async () => {
    const { page } = tab
    await logIn('dave')
    await type(await example.codeFor(phones.dave))
    const transfer = async () => {
      await page.getByLabel('To', { exact: true }).fill('bob')
      await page.getByLabel('Amount').fill('12.50')
      await send('Transfer')
    }
    await example.advance(301)
    await transfer()
    expect(await alert()).toContain('For your security, enter a new code')
    await expectSoundPage(tab)
    await send('Send me a code')
    await type(await example.codeFor(phones.dave))
    expect(await heading()).toBe('Account')
    await transfer()
    expect(await page.getByRole('status').innerText()).toBe('You sent €12.50 to bob.')
    await expectSoundPage(tab)
  })

  test('finds nothing with Back after logging out', async () => {
    const { page } = tab
    await logIn('alice')
    await type(await example.codeFor(phones.alice))
    expect(await page.getByRole('main').innerText()).toContain('Hello alice')
    await send('Log out')
    expect(new URL(page.url()).pathname).toBe('/')
    expect(await page.context().cookies()).toEqual([])
    await page.goBack()
    expect(new URL(page.url()).pathname).toBe('/login')
    expect(await page.content()).not.toContain('alice')
  })

  test('does not need a mouse', async () => {
    const { page } = tab
    // The cursor waits in the first field of each page.
    const cursor = () => page.locator('input:focus').waitFor()
    const enter = () => Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
    await page.goto('/login')
    await cursor()
    await page.keyboard.type('alice')
    await page.keyboard.press('Tab')
    await page.keyboard.type(passwords.alice)
    await page.keyboard.press('Tab')
    const outline = 'getComputedStyle(document.activeElement).outline'
    expect(await page.evaluate(outline)).toMatch(/solid 3px$/)
    await enter()
    await cursor()
    await page.keyboard.type(await example.codeFor(phones.alice))
    await enter()
    expect(await heading()).toBe('Account')
  })
})
