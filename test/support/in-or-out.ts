/** Decides the outcome of an attack: whether a browser is in or out, and what it cost to get there. */

import type { SubjectState } from '../../src/core/state.js'
import type { Challenge } from '../../src/factors/phone/rules/part.js'
import type { TestApp } from './app.js'
import type { Browser } from './browser.js'
import { wrongCode } from './codes.js'
import { phoneOf } from './rows.js'

/** Alice's row; her id is 1. */
export const alicesSubject = '1'

/** True if the browser reaches the gated page, according to the page's body. */
export async function isIn(browser: Browser, path = '/account'): Promise<boolean> {
  const answer = await browser.get(path)
  return answer.status >= 200 && answer.status < 300 && answer.text.includes('account')
}

/** A browser in which this user's password and code were accepted. */
export async function passedBrowser(app: TestApp, username: string): Promise<Browser> {
  const browser = await app.login(username)
  const answer = await verify(browser, app.codeFor(username))
  if (answer.status !== 200) throw new Error(`could not pass: ${answer.text}`)
  return browser
}

/** Submits a code as a program does. */
export function verify(browser: Browser, code: string) {
  return browser.post('/second-factor/verify', { code })
}

/** The browser's cookies as a header, for requests that it would not send itself. */
export function cookieOf(browser: Browser): string {
  return [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}

/** `count` calls started together. */
export function together<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)))
}

/** Well-formed codes that are all wrong, and all different. */
export function wrongCodes(right: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => wrongCode(right, index + 1))
}

/** The running challenge in a row, which has to be there. */
export function challengeOf(row: SubjectState): Challenge {
  const { challenge } = phoneOf(row)
  if (challenge === null) throw new Error(`no challenge runs for ${row.subject}`)
  return challenge
}
