/** An application with passkeys in a real browser, using the virtual authenticators of its debugging protocol. */

import type { Browser, BrowserContextOptions, CDPSession, Page } from 'playwright-core'

import type { SecondFactorOptions } from '../../src/index.js'
import { openTab, type Tab } from './chromium.js'
import { freePort } from './free-port.js'
import type { HeldApp, Person } from './held-app.js'
import { addLoginPage, addLogout, enterPassword, logoutPath } from './login-page.js'
import { startPasskeyApp } from './passkey-app.js'

/** Starts it on `localhost`: browsers have no passkeys on an IP address. */
export async function startWithPasskeys(
  options: Partial<SecondFactorOptions<Person>> = {},
): Promise<HeldApp> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const app = await startPasskeyApp(
    { rpId: 'localhost', origins: [url] },
    { logoutPath, ...options },
    { port, before: addLoginPage, routes: addLogout },
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

/** Logs in as in a browser without a session. */
export async function logIn(page: Page, username = 'alice'): Promise<void> {
  await page.context().clearCookies()
  await enterPassword(page, username)
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
