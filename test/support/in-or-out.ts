/** What attacks are judged by: whether a browser is in or out, and what was spent to get there. */

import type { SubjectState } from '../../src/index.js'
import type { TestApp } from './app.js'
import type { Browser } from './browser.js'

/** Alice's row; her id is 1. */
export const alicesSubject = '1'

/** Whether the browser reaches the gated page, as its own body says. */
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

/** The row of a user, as the store holds it. */
export async function rowOf(app: TestApp, subject = alicesSubject): Promise<SubjectState> {
  const row = await app.store.read(subject)
  if (row === null) throw new Error(`nothing is stored of ${subject}`)
  return row
}

/** `count` calls started together. */
export function together<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)))
}

/** Well-formed codes that are all wrong, and all different. */
export function wrongCodes(right: string, count: number): string[] {
  const codes = Array.from({ length: count + 1 }, (_, index) => String(index).padStart(6, '0'))
  return codes.filter((code) => code !== right).slice(0, count)
}
