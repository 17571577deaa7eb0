/** A real headless Chromium, and the checks made on each of its pages. */

import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import type { AxeResults } from 'axe-core'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { expect } from 'vitest'

const usualPlaces = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/**
 * The path of Chromium: `TEST_CHROMIUM`, or a usual place. Prints one line and returns `null` if it is nowhere; with
 * `REQUIRE_SERVICES=1` that is an error.
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

/**
 * Features that are turned off. The two lists below the address bar, pages of their own in each new window, take half of
 * the time that a window takes to open. The others are those that Playwright turns off, whose list this one replaces.
 */
const withoutFeatures = [
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'],
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades'],
  ...['HttpsFirstBalancedModeAutoEnable', 'LensOverlay', 'MediaRouter', 'PaintHolding'],
  ...['ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect', 'AimEnabled'],
  ...['OptimizationHints', 'NetworkTimeServiceQuerying', 'PreconnectToSearch'],
]

/** Starts it. It asks nobody for anything but the pages of the test. */
export function launchChromium(executablePath: string): Promise<Browser> {
  const args = [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    ...['--disable-component-update', '--disable-sync', '--no-first-run'],
    `--disable-features=${withoutFeatures.join(',')}`,
  ]
  return chromium.launch({ executablePath, args })
}

/** A page in a profile of its own, and what happened in it so far. */
export interface Tab {
  readonly page: Page
  /** True if its scripts run. */
  readonly scripts: boolean
  /** True if timers wait for the test. */
  readonly clockStands?: boolean
  /** The browser's: blocked styles, failed requests, errors of scripts. */
  readonly complaints: readonly string[]
  /** The origins that anything was asked of. */
  readonly origins: ReadonlySet<string>
}

/** Opens one. */
export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext(options)
  const { javaScriptEnabled: scripts = true } = options
  const page = await context.newPage()
  const complaints: string[] = []
  const origins = new Set<string>()
  page.on('console', (message) => {
    // Chromium also says here that an answer has a status such as 403, which is no fault of the page.
    const isStatus = message.text().startsWith('Failed to load resource: the server responded')
    if (message.type() === 'error' && !isStatus) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => origins.add(new URL(request.url()).origin))
  page.on('requestfailed', (request) => {
    // The icon comes last, and a page that is left at once does without it.
    const isLeft = request.failure()?.errorText === 'net::ERR_ABORTED'
    if (!(isLeft && request.url().endsWith('/favicon.svg'))) {
      complaints.push(`failed: ${request.url()}`)
    }
  })
  return { page, scripts, complaints, origins }
}

/** Presses a button, and waits for the page that it leads to. */
export async function press(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name, exact: true })
  await Promise.all([page.waitForEvent('load'), button.click()])
}

const look = `({
  font: getComputedStyle(document.body).fontFamily,
  tooWide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
})`

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The findings of axe-core, by rule and place; rules of WCAG 2.2 AA and its own good advice. */
export async function faultsOf({ page, clockStands = false }: Tab): Promise<string[]> {
  await page.evaluate(axe)
  const run = page.evaluate<AxeResults>('axe.run({ preload: false })')
  // axe waits for timers of its own.
  const goOn = () => Promise.race([run, page.clock.runFor(1)])
  while (clockStands && (await goOn()) === undefined) continue
  const { violations } = await run
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`))
}

/** The checks for every page: its style applies, nothing is loaded from elsewhere, and it is accessible. */
export async function expectSoundPage(tab: Tab): Promise<void> {
  const { page, scripts, complaints, origins } = tab
  await page.waitForLoadState()
  const where = page.url()
  expect(await page.evaluate(look), where).toEqual({
    font: expect.stringContaining('system-ui') as string,
    tooWide: false,
  })
  expect(await page.title(), where).not.toBe('')
  // axe is a script itself.
  if (scripts) expect(await faultsOf(tab), where).toEqual([])
  expect([...origins], where).toEqual([new URL(where).origin])
  expect(complaints, where).toEqual([])
}
