/** An application with passkeys in a real browser, whose authenticators are those of its debugging protocol. */

import type { Browser, BrowserContextOptions, CDPSession, Page } from 'playwright-core'

import type { SecondFactorOptions } from '../../src/index.js'
import { openTab, press, type Tab } from './chromium.js'
import { freePort } from './free-port.js'
import type { HeldApp, Person } from './held-app.js'
import { startPasskeyApp } from './passkey-app.js'

/** A form that logs in; the test application itself has none. */
const loginForm = `<!doctype html><html lang="en"><title>Log in</title><main><h1>Log in</h1>
<form method="post" action="/login">
<label>Name <input name="username"></label> <input type="hidden" name="password" value="password">
<button>Log in</button></form></main>`

/** Starts it on `localhost`: browsers have no passkeys on an IP address. */
export async function startWithPasskeys(
  options: Partial<SecondFactorOptions<Person>> = {},
): Promise<HeldApp> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const app = await startPasskeyApp(
    { rpId: 'localhost', origins: [url] },
    { logoutPath: '/leave', ...options },
    {
      port,
      before(server) {
        server.get('/login', (_req, res) => res.send(loginForm))
        server.get('/favicon.ico', (_req, res) => res.sendStatus(204))
      },
      routes(server) {
        server.post('/leave', (req, res, next) => {
          req.logout((error: unknown) => {
            if (error) next(error)
            else res.redirect(303, '/login')
          })
        })
      },
    },
  )
  return { ...app, url }
}

/** Opens a tab in a profile of its own, with no authenticator yet. */
export async function openProfile(
  browser: Browser,
  app: HeldApp,
  options: BrowserContextOptions = {},
): Promise<Tab> {
  return openTab(browser, { baseURL: app.url, ...options })
}

/** Logs in with the password, and waits for the page that comes after. */
export async function logIn(page: Page, username = 'alice'): Promise<void> {
  await page.context().clearCookies()
  await page.goto('/login')
  await page.getByLabel('Name').fill(username)
  await press(page, 'Log in')
}

/** A passkey with its private key, as the debugging protocol shows it. */
export interface HeldCredential {
  readonly credentialId: string
  readonly isResidentCredential: boolean
  readonly privateKey: string
  readonly signCount: number
}

/** Authenticators of one page. */
export interface Authenticators {
  readonly session: CDPSession
  /** Plugs one in, and returns its id. */
  plug(transport?: 'internal' | 'usb'): Promise<string>
  unplug(id: string): Promise<void>
  /** Takes every passkey out of it: a prompt then ends as if the person had closed it. */
  take(id: string): Promise<readonly HeldCredential[]>
  /** Puts passkeys into it. */
  put(id: string, credentials: readonly HeldCredential[]): Promise<void>
}

/** Gives a page authenticators that confirm by themselves. */
export async function authenticatorsOf(page: Page): Promise<Authenticators> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  return {
    session,
    async plug(transport = 'internal') {
      const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          ...{ protocol: 'ctap2', transport, hasResidentKey: false, hasUserVerification: true },
          ...{ isUserVerified: true, automaticPresenceSimulation: true },
        },
      })
      return authenticatorId
    },
    async unplug(authenticatorId) {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    },
    async take(authenticatorId) {
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId })
      await session.send('WebAuthn.clearCredentials', { authenticatorId })
      return credentials
    },
    async put(authenticatorId, credentials) {
      for (const credential of credentials) {
        await session.send('WebAuthn.addCredential', { authenticatorId, credential })
      }
    },
  }
}
