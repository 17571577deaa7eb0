/**
 * An application whose users hold an authenticator app and recovery codes, on a real server with a clock that tests
 * set.
 */

import { expect } from 'vitest'

import { recoveryCodes, totp, type SecondFactorOptions } from '../../src/index.js'
import { startApplication, type Application, type ApplicationOptions } from './application.js'
import { appCode } from './authenticator.js'
import type { Browser } from './browser.js'

/** Somebody who logs in. */
export interface Person {
  readonly id: number
  readonly username: string
}

/** The router's mount path. */
export const mount = '/second-factor'

/** The application, and what it remembers of who holds factors. */
export interface HeldApp extends Application<Person>, AsyncDisposable {
  readonly remembered: Set<number>
}

/** Starts it with two people, alice and bob, who hold nothing yet. */
export async function startHeldApp(
  options: Partial<SecondFactorOptions<Person>> = {},
  others: Partial<ApplicationOptions<Person>> = {},
): Promise<HeldApp> {
  const remembered = new Set<number>()
  const app = await startApplication<Person>({
    users: [
      { id: 1, username: 'alice' },
      { id: 2, username: 'bob' },
    ],
    ...others,
    secondFactor: {
      secret: 'a secret of at least 32 bytes for tests',
      appName: 'Example',
      factors: [totp(), recoveryCodes()],
      ...options,
      users: {
        id: ({ id }) => id,
        label: ({ username }) => username,
        hasFactors: ({ id }) => remembered.has(id),
        setHasFactors: ({ id }, has) => (has ? remembered.add(id) : remembered.delete(id)),
        ...options.users,
      },
    },
  })
  return { ...app, remembered, [Symbol.asyncDispose]: () => app.close() }
}

/** An app that was set up, and the browser that has passed by that. */
export interface SetUpApp {
  readonly browser: Browser
  readonly secret: string
  /** The code of the app now. */
  readonly code: () => string
}

/** Logs in and sets an app up. */
export async function setUpApp(app: HeldApp, username = 'alice'): Promise<SetUpApp> {
  const browser = await app.login(username)
  const begun = await browser.post(`${mount}/factors/totp`, {})
  expect(begun.status).toBe(201)
  const { setup, secret } = begun.json as { setup: string; secret: string }
  const code = () => appCode(secret, app.clock.now)
  const confirmed = await browser.post(`${mount}/factors/totp/confirm`, { setup, code: code() })
  expect(confirmed.json).toMatchObject({ status: 'enrolled' })
  return { browser, secret, code }
}

/** Has a browser that has passed keep a set of recovery codes, and returns them. */
export async function setUpCodes(browser: Browser): Promise<readonly string[]> {
  const begun = await browser.post(`${mount}/factors/recovery`, {})
  expect(begun.status).toBe(201)
  const { setup, codes } = begun.json as { setup: string; codes: string[] }
  const confirmed = await browser.post(`${mount}/factors/recovery/confirm`, { setup })
  expect(confirmed.json).toMatchObject({ status: 'enrolled' })
  return codes
}
