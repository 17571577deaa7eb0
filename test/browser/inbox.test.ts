/** The inbox, with and without JavaScript. */

import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import {
  chromiumPath,
  expectSoundPage,
  launchChromium,
  openTab,
  type Tab,
} from '../support/chromium.js'
import { newDatabase, phones, startExample, type Example } from '../support/example.js'

const program = chromiumPath()

describe.runIf(program !== null)('the inbox', () => {
  let browser: Browser
  let example: Example
  beforeAll(async () => {
    browser = await launchChromium(program ?? '')
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    example = await startExample({ DATABASE_URL: newDatabase() })
  })

  const open = async (path: string, options: BrowserContextOptions): Promise<Tab> => {
    const tab = await openTab(browser, { baseURL: example.url, ...options })
    await tab.page.goto(path)
    return tab
  }
  const withScripts = {
    javaScriptEnabled: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  }

  test('shows new messages by itself, newest first, and copies a code with one click', async () => {
    const tab = await open('/dev/inbox', withScripts)
    const { page } = tab
    await page.getByText('No messages yet.').waitFor()
    expect(await page.getByRole('link', { name: 'Reload' }).count()).toBe(0)
    await example.login('alice')
    const first = await example.codeFor(phones.alice)
    await page.getByRole('button', { name: `Copy ${first}` }).waitFor()
    expect(await page.getByText('No messages yet.').isVisible()).toBe(false)
    expect(await page.getByRole('status').innerText()).toBe('A new message arrived.')

    await example.login('bob')
    const second = await example.codeFor(phones.bob)
    await page.getByRole('button', { name: `Copy ${second}` }).waitFor()
    const shown = await page.locator('#inbox .code').allInnerTexts()
    expect(shown).toEqual([second, first])
    await page.getByRole('button', { name: `Copy ${first}` }).click()
    await page.getByText(`Copied ${first}.`).waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(first)
    await expectSoundPage(tab)
  })

  test('of one phone shows only its messages, including new ones', async () => {
    await example.login('alice')
    const tab = await open(`/dev/inbox?to=${encodeURIComponent(phones.bob)}`, withScripts)
    const { page } = tab
    await page.getByText('No messages yet.').waitFor()
    await example.login('dave')
    await example.login('bob')
    const code = await example.codeFor(phones.bob)
    await page.getByRole('button', { name: `Copy ${code}` }).waitFor()
    expect(await page.locator('#inbox > li').count()).toBe(1)
    await expectSoundPage(tab)
  })

  test('says when the application is gone', async () => {
    const { page } = await open('/dev/inbox', withScripts)
    await example.stop()
    await page.getByText('The application doesn’t answer.').waitFor()
  })

  test('without JavaScript has a reload link that keeps the phone', async () => {
    const path = `/dev/inbox?to=${encodeURIComponent(phones.bob)}`
    const tab = await open(path, { javaScriptEnabled: false })
    const { page } = tab
    await example.login('alice')
    await example.login('bob')
    await page.getByRole('link', { name: 'Reload' }).click()
    expect(page.url()).toBe(example.url + path)
    const shown = await page.locator('#inbox .code').allInnerTexts()
    expect(shown).toEqual([await example.codeFor(phones.bob)])
    expect(await page.getByRole('button', { name: 'Copy' }).count()).toBe(0)
    await expectSoundPage(tab)
    await page.getByRole('link', { name: 'All numbers' }).click()
    expect(await page.locator('#inbox > li').count()).toBe(2)
  })
})
