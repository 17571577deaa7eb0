/** A real Chromium, headless, and what is looked at on each of its pages. */

import { existsSync, readFileSync } from 'node:fs'

import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { expect } from 'vitest'

const usualPlaces = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/**
 * Where Chromium is: `TEST_CHROMIUM`, or a usual place; `null`, after one printed line, where it is nowhere.
 * With `REQUIRE_SERVICES=1` that is an error instead.
 */
export function chromiumPath(): string | null {
  const given = process.env['TEST_CHROMIUM']
  const found = (given === undefined ? usualPlaces : [given]).find((path) => existsSync(path))
  if (found !== undefined) return found
  const absent = 'Chromium is not installed (set TEST_CHROMIUM to the program)'
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(absent)
  console.warn(`skipped: ${absent}`)
  return null
}

/** Starts it. It asks nobody for anything but the pages of the test. */
export function launchChromium(executablePath: string): Promise<Browser> {
  const args = [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    ...['--disable-component-update', '--disable-sync', '--no-first-run'],
  ]
  return chromium.launch({ executablePath, args })
}

/** A page in a profile of its own, and the complaints of the browser so far: blocked styles, failed requests. */
export interface Tab {
  readonly page: Page
  readonly complaints: readonly string[]
}

/** Opens one, without JavaScript unless told otherwise. */
export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ javaScriptEnabled: false, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    // Chromium also says here that an answer has a status such as 403, which is no fault of the page.
    const isStatus = message.text().startsWith('Failed to load resource: the server responded')
    if (message.type() === 'error' && !isStatus) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`))
  return { page, complaints }
}

/** Presses a button, and waits for the page that it leads to. */
export async function press(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name, exact: true })
  await Promise.all([page.waitForEvent('load'), button.click()])
}

/** What `look-at-page.js` sees of a page. */
export interface PageLook {
  readonly font: string
  readonly language: string
  readonly headings: number
  readonly mains: number
  readonly scripts: number
  /** Fields and buttons that nothing names. */
  readonly unnamed: readonly string[]
  /** Texts that stand out too little from what is behind them (WCAG 2.2, 1.4.3). */
  readonly faint: readonly string[]
  /** Whether people would have to scroll sideways. */
  readonly tooWide: boolean
  readonly focusOutline: string
}

const lookAtPage = readFileSync(new URL('./look-at-page.js', import.meta.url), 'utf8')

/** Looks at a page, once everything of it has come. */
export async function lookAt(page: Page): Promise<PageLook> {
  await page.waitForLoadState()
  return page.evaluate<PageLook>(lookAtPage)
}

/** What has to hold on every page: its style applies, and everybody can read it and knows what to type where. */
export async function expectSoundPage({ page, complaints }: Tab): Promise<void> {
  const where = page.url()
  const { focusOutline: _focus, ...look } = await lookAt(page)
  expect(look, where).toEqual({
    font: expect.stringContaining('system-ui') as string,
    ...{ language: 'en', headings: 1, mains: 1, scripts: 0 },
    ...{ unnamed: [], faint: [], tooWide: false },
  } satisfies Omit<PageLook, 'focusOutline'>)
  expect(await page.title(), where).not.toBe('')
  expect(complaints, where).toEqual([])
}
