/** The test application in a real browser: logging in there, and reading the code page. */

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

import { startTestApp, type TestApp, type TestAppOptions } from './app.js'
import { openTab, type Tab } from './chromium.js'
import { addLoginPage, addLogout, enterPassword, logoutPath } from './login-page.js'

/** Starts the test application with a login page, and a way to log out. */
export function startWithPages(options: TestAppOptions = {}): Promise<TestApp> {
  return startTestApp({
    ...options,
    secondFactor: { appName: 'Shop', logoutPath, ...options.secondFactor },
    before: addLoginPage,
    routes(server, secondFactor) {
      addLogout(server)
      options.routes?.(server, secondFactor)
    },
  })
}

/** Opens a tab in which this user's password was accepted. */
export async function openLoggedIn(
  browser: Browser,
  app: TestApp,
  username: string,
  options: BrowserContextOptions = {},
): Promise<Tab> {
  const tab = await openTab(browser, { baseURL: app.url, ...options })
  // The browser's clock stands still, as the server's does, until the test moves it.
  await tab.page.clock.install({ time: app.clock.now - 60_000 })
  await tab.page.clock.pauseAt(app.clock.now)
  await enterPassword(tab.page, username)
  return { ...tab, clockStands: true }
}

/** Lets both clocks go on by so many seconds. */
export async function passTime(app: TestApp, page: Page, seconds: number): Promise<void> {
  app.clock.advance(seconds)
  await page.clock.runFor(seconds * 1000)
}
