/** Actions of users and attackers with held factors, and the outcome of each response in one word. */

import { expect } from 'vitest'

import { consoleSender, type ConsoleSender } from '../../src/index.js'
import { appCode } from './authenticator.js'
import type { Answer, Browser } from './browser.js'
import { mount, startHeldApp, type HeldApp, type Person, type SetUpApp } from './held-app.js'

/** `passed`, `enrolled` and the like, or the code of the refusal; the status where the body says neither. */
export function outcomeIn({ status, text }: Answer): string {
  const body = (text.startsWith('{') ? JSON.parse(text) : {}) as { code?: string; status?: string }
  return body.code ?? body.status ?? String(status)
}

/** Expects exactly this body, which no cache may keep. */
export function expectBody(answer: Answer, status: number, body: object): void {
  expect({ status: answer.status, body: answer.json }).toEqual({ status, body })
  expect(answer.headers.get('cache-control')).toBe('no-store')
}

/** Gives a code of the authenticator app. */
export function giveApp(browser: Browser, code: string, more: object = {}): Promise<Answer> {
  return browser.post(`${mount}/verify`, { method: 'totp', code, ...more })
}

/** Gives a recovery code. */
export function giveRecovery(
  browser: Browser,
  code: string | undefined,
  more: object = {},
): Promise<Answer> {
  return browser.post(`${mount}/verify`, { method: 'recovery-code', code, ...more })
}

/** So many browsers in which this user's password was accepted. */
export async function jarsOf(
  app: HeldApp,
  count: number,
  username = 'alice',
): Promise<readonly Browser[]> {
  const jars: Browser[] = []
  for (let nth = 0; nth < count; nth += 1) jars.push(await app.login(username))
  return jars
}

/** A set-up that has begun, as JSON shows it. */
export interface Begun {
  readonly setup: string
  readonly secret: string
  readonly uri: string
  readonly qr: string
}

/** Begins to set an app up. */
export async function beginApp(browser: Browser): Promise<Begun> {
  const begun = await browser.post(`${mount}/factors/totp`, {})
  if (begun.status !== 201) throw new Error(`could not begin: ${begun.text}`)
  return begun.json as unknown as Begun
}

/** Confirms an app that was begun. */
export function confirmApp(browser: Browser, setup: string, code: string): Promise<Answer> {
  return browser.post(`${mount}/factors/totp/confirm`, { setup, code })
}

/** The ids of what a user holds, of one kind. */
export async function heldIds(browser: Browser, kind = 'totp'): Promise<readonly string[]> {
  const { factors } = (await browser.get(`${mount}/factors`)).json as {
    factors: { id: string; kind: string }[]
  }
  return factors.filter((each) => each.kind === kind).map(({ id }) => id)
}

/** The application with held factors and messages. */
export interface AppWithMessages extends HeldApp {
  readonly inbox: ConsoleSender
}

/** The application with messages beside the held factors; alice and bob each have a phone. */
export async function startWithMessages(
  options: Parameters<typeof startHeldApp>[0] = {},
  others: Parameters<typeof startHeldApp>[1] = {},
): Promise<AppWithMessages> {
  const inbox = consoleSender({ print: () => undefined })
  const users = {
    id: ({ id }: Person) => id,
    phone: ({ id }: Person) => `+23767123456${id}`,
    ...options.users,
  }
  const app = await startHeldApp({ sender: inbox, ...options, users }, others)
  return { ...app, inbox }
}

/** Logs in, passes by a message, and sets an app up beside it. */
export async function setUpBesideMessages(
  app: AppWithMessages,
  username = 'alice',
): Promise<SetUpApp> {
  const browser = await app.login(username)
  const passed = await browser.post(`${mount}/verify`, { code: app.inbox.inbox()[0]?.code })
  expect(outcomeIn(passed)).toBe('passed')
  const { setup, secret } = await beginApp(browser)
  const code = () => appCode(secret, app.clock.now)
  expect(outcomeIn(await confirmApp(browser, setup, code()))).toBe('enrolled')
  return { browser, secret, code }
}
