/** Sets up an authenticator app in the example. */

import { expect } from 'vitest'

import { appCode } from './authenticator.js'
import type { Browser } from './browser.js'
import type { Example } from './example.js'

const mount = '/second-factor'

/** Sets an app up in this browser; the function that comes of it returns the next code that the app shows. */
export async function setUpApp(example: Example, browser: Browser): Promise<() => Promise<string>> {
  const begun = await browser.post(`${mount}/factors/totp`)
  const { setup, secret } = begun.json as { setup: string; secret: string }
  const code = () => appCode(secret, example.now())
  const confirmed = await browser.post(`${mount}/factors/totp/confirm`, { setup, code: code() })
  expect(confirmed.json).toMatchObject({ status: 'enrolled' })
  return async () => {
    await example.advance(60)
    return code()
  }
}
