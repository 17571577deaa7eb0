/** Recovery codes, the factor list and trusted browsers in Chromium, with and without scripts. */

import { readFileSync } from 'node:fs'

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import {
  chromiumPath,
  expectSoundPage,
  faultsOf,
  launchChromium,
  openTab,
  press,
  type Tab,
} from '../support/chromium.js'
import { setUpApp, setUpCodes, type HeldApp } from '../support/held-app.js'
import { giveRecovery } from '../support/held-deeds.js'
import { enterCode, startHeldPages } from '../support/held-in-browser.js'
import { enterPassword } from '../support/login-page.js'

const program = chromiumPath()

describe.runIf(program !== null)('in a browser', () => {
  let browser: Browser
  let app: HeldApp
  let tab: Tab
  let page: Page
  beforeAll(async () => {
    browser = await launchChromium(program ?? '')
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    app = await startHeldPages({
      enrolment: { when: 'optional' },
      trustedDevices: { acceptAal1: true },
    })
  })
  afterEach(async () => {
    await page.context().close()
    await app.close()
  })

  const path = () => new URL(page.url()).pathname
  const shown = () => page.locator('#codes code').allInnerTexts()

  /** Opens a tab of somebody who has an app, and has just passed by it. */
  async function openPassed(options: BrowserContextOptions = {}) {
    const { browser: owner, code } = await setUpApp(app)
    app.clock.advance(60)
    tab = await openTab(browser, { baseURL: app.url, ...options })
    page = tab.page
    await enterPassword(page)
    await enterCode(page, code())
    expect(path()).toBe('/account')
    return { owner, code }
  }

  test('recovery codes are copied, printed and saved as a file', async () => {
    await openPassed({ permissions: ['clipboard-read', 'clipboard-write'] })
    await page.addInitScript('window.print = () => { window.printed = true }')
    await page.goto('/second-factor/factors/recovery')
    await expectSoundPage(tab)
    const codes = await shown()
    expect(codes).toHaveLength(10)

    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(codes.join('\n'))
    await page.getByRole('button', { name: 'Print' }).click()
    expect(await page.evaluate('window.printed')).toBe(true)

    const button = page.getByRole('button', { name: 'Download' })
    for (let times = 0; times < 2; times += 1) {
      const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
      expect(download.suggestedFilename()).toBe('recovery-codes.txt')
      const text = readFileSync(await download.path(), 'utf8')
      expect(text.trim().split('\n').slice(-10)).toEqual(codes)
    }
    expect(await faultsOf(tab)).toEqual([])
    await page.getByLabel('I’ve saved these codes').check()
    await press(page, 'Confirm')
    expect(path()).toBe('/second-factor/factors')
    expect(await page.getByRole('main').innerText()).toContain('Codes left: 10 of 10')
  })

  test('recovery codes need no script: no dead buttons, a file, and a required check box', async () => {
    await openPassed({ javaScriptEnabled: false })
    await page.goto('/second-factor/factors/recovery')
    await expectSoundPage(tab)
    const codes = await shown()
    expect(await page.getByRole('button', { name: 'Copy' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Print' }).count()).toBe(0)
    const button = page.getByRole('button', { name: 'Download' })
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
    expect(readFileSync(await download.path(), 'utf8')).toContain(codes[9])

    await page.getByRole('button', { name: 'Confirm' }).click()
    expect(path()).toBe('/second-factor/factors/recovery')
    expect((await app.store.read('1'))?.factors).not.toHaveProperty('recovery')
    await page.getByLabel('I’ve saved these codes').check()
    await press(page, 'Confirm')
    expect(path()).toBe('/second-factor/factors')
    const jar = await app.login('alice')
    expect((await giveRecovery(jar, codes[0])).status).toBe(200)
  })

  test.each([320, 768, 1280])('codes fit a screen of %s pixels, and paper', async (width) => {
    await openPassed({ viewport: { width, height: 800 } })
    await page.goto('/second-factor/factors/recovery')
    await expectSoundPage(tab)
    await page.emulateMedia({ media: 'print' })
    const lines = await page.locator('#codes code').all()
    for (const line of lines) expect(await line.isVisible()).toBe(true)
  })

  test.each([true, false])(
    'the factor list renames, removes and warns about few codes (scripts: %s)',
    async (javaScriptEnabled) => {
      const { owner } = await openPassed({ javaScriptEnabled })
      const codes = await setUpCodes(owner)
      for (const code of codes.slice(0, 7)) await giveRecovery(await app.login('alice'), code)
      await page.goto('/second-factor/factors')
      await expectSoundPage(tab)
      expect(await page.getByRole('main').innerText()).toContain('Codes left: 3 of 10')
      expect(await page.getByRole('main').innerText()).toContain('running out')
      await page.locator('summary', { hasText: 'Rename' }).click()
      await page.getByLabel('Name').fill('Tablet <b>')
      await press(page, 'Rename')
      expect(await page.locator('.held strong').allInnerTexts()).toEqual(['Tablet <b>'])
      await expectSoundPage(tab)
      await press(page, 'Remove')
      expect(path()).toBe('/second-factor/factors')
      await expectSoundPage(tab)
      expect(await page.getByRole('link', { name: 'Set up an authenticator app' }).count()).toBe(1)
      expect((await app.store.read('1'))?.factors['recovery']).toMatchObject({ held: false })
    },
  )

  test('a trusted browser is not asked, is on the list, and is asked once removed', async () => {
    const { code } = await openPassed()
    await page.context().clearCookies()
    app.clock.advance(60)
    await enterPassword(page)
    await expectSoundPage(tab)
    await page.getByRole('checkbox').check()
    await enterCode(page, code())
    expect(path()).toBe('/account')
    const forgetSession = () => page.context().clearCookies({ name: 'connect.sid' })
    await forgetSession()
    await enterPassword(page)
    expect(path()).toBe('/account')
    await forgetSession()
    app.clock.advance(60)
    await enterPassword(page)
    await page.goto('/second-factor/factors')
    expect(path()).toBe('/second-factor/factors')
    await expectSoundPage(tab)
    const devices = page.locator('section', { hasText: 'Devices you trust' })
    expect(await devices.count()).toBe(1)
    await Promise.all([page.waitForEvent('load'), devices.getByRole('button').click()])
    await forgetSession()
    await enterPassword(page)
    expect(path()).toBe('/second-factor/')
    const cookies = await page.context().cookies()
    expect(cookies.map(({ name }) => name)).toEqual(['connect.sid'])
  })
})
