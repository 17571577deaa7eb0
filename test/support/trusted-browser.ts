/** Browsers that an application trusts, and the cookie that identifies them. */

import { expect } from 'vitest'

import type { Answer, Browser } from './browser.js'
import type { SecondFactorOptions } from '../../src/index.js'
import { setUpApp, startHeldApp, type HeldApp, type Person, type SetUpApp } from './held-app.js'
import { giveApp, outcomeIn } from './held-deeds.js'

/** Has trust accepted although standards are strict. */
export const trusting = { trustedDevices: { acceptAal1: true } } as const

/** The name of the cookie. */
export const deviceCookie = '__Host-second-factor-device'

/** The cookie that a browser holds; empty where it holds none. */
export function tokensIn(browser: Browser): string {
  return browser.cookies.get(deviceCookie) ?? ''
}

/** The cookie that a response sets, with its attributes; `undefined` if it sets none. */
export function deviceCookieOf(answer: Answer): string | undefined {
  return answer.headers.getSetCookie().find((line) => line.startsWith(`${deviceCookie}=`))
}

/** Seconds that the cookie is kept for; `null` where it goes with the browser. */
export function maxAgeOf(answer: Answer): number | null {
  const [, seconds] = /Max-Age=(\d+)/.exec(deviceCookieOf(answer) ?? '') ?? []
  return seconds === undefined ? null : Number(seconds)
}

/** Logs in with the password, passes by the app, and has the browser trusted. */
export async function trustBrowser(
  app: HeldApp,
  code: () => string,
  username = 'alice',
  browser: Browser = app.browser(),
): Promise<Browser> {
  app.clock.advance(60)
  await logIn(browser, username)
  expect(outcomeIn(await giveApp(browser, code(), { trustDevice: true }))).toBe('passed')
  return browser
}

/** Logs in with the password alone. */
export function logIn(browser: Browser, username = 'alice'): Promise<Answer> {
  return browser.post('/login', { username, password: 'password' })
}

/** True if a password login in this browser is asked for the second factor. */
export async function isAsked(browser: Browser, username = 'alice'): Promise<boolean> {
  await browser.post('/logout')
  const { next } = (await logIn(browser, username)).json
  const answer = await browser.get('/account')
  expect([next, answer.status]).toEqual(
    answer.status === 200 ? ['/account', 200] : ['/second-factor/', 403],
  )
  return answer.status !== 200
}

/** A new browser that holds nothing but the tokens of another, as a thief of cookies has them. */
export function thiefWith(app: HeldApp, tokens: string): Browser {
  const thief = app.browser()
  thief.cookies.set(deviceCookie, tokens)
  return thief
}

/** An application with a browser that alice trusts. */
export interface TrustedApp extends SetUpApp, AsyncDisposable {
  readonly app: HeldApp
  readonly device: Browser
}

/** Starts one. */
export async function openTrusted(
  options: Partial<SecondFactorOptions<Person>> = {},
  others: Parameters<typeof startHeldApp>[1] = {},
): Promise<TrustedApp> {
  const app = await startHeldApp({ ...trusting, ...options }, others)
  const set = await setUpApp(app)
  const device = await trustBrowser(app, set.code)
  return { app, ...set, device, [Symbol.asyncDispose]: () => app.close() }
}
