/** The test application in a real browser: who logs in there, and what is on the code's page. */

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

import { startTestApp, type TestApp, type TestAppOptions } from './app.js'
import { openTab, press, type Tab } from './chromium.js'

/** A form that logs in; the test application itself has none. */
const loginForm = `<!doctype html><html lang="en"><title>Log in</title><main><h1>Log in</h1>
<form method="post" action="/login">
<label>Name <input name="username"></label> <input type="hidden" name="password" value="password">
<button>Log in</button></form></main>`

/** Starts the test application with a login page, and a way to log out. */
export function startWithPages(options: TestAppOptions = {}): Promise<TestApp> {
  return startTestApp({
    ...options,
    secondFactor: { appName: 'Shop', logoutPath: '/leave', ...options.secondFactor },
    before(server) {
      server.get('/login', (_req, res) => res.send(loginForm))
      server.get('/favicon.ico', (_req, res) => res.sendStatus(204))
    },
    routes(server, secondFactor) {
      server.post('/leave', (req, res, next) => {
        req.logout((error: unknown) => {
          if (error) next(error)
          else res.redirect(303, '/login')
        })
      })
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
  await logIn(tab.page, username)
  return { ...tab, clockStands: true }
}

/** Logs in, and waits for the page that comes after. */
export async function logIn(page: Page, username: string): Promise<void> {
  await page.goto('/login')
  await page.getByLabel('Name').fill(username)
  await press(page, 'Log in')
}

/** Lets both clocks go on by so many seconds. */
export async function passTime(app: TestApp, page: Page, seconds: number): Promise<void> {
  app.clock.advance(seconds)
  await page.clock.runFor(seconds * 1000)
}
