/** An application whose users hold passkeys, and the actions of a browser and a program there. */

import { expect } from 'vitest'

import type {
  CreationOptions,
  RequestOptions,
} from '../../src/factors/passkeys/ceremony-options.js'
import { passkeys, type PasskeysOptions } from '../../src/factors/passkeys/index.js'
import { recoveryCodes, totp, type SecondFactorOptions } from '../../src/index.js'
import type { ApplicationOptions } from './application.js'
import type { Answer, Browser } from './browser.js'
import { mount, startHeldApp, type HeldApp, type Person } from './held-app.js'
import type { CredentialJson, Lies, SoftwarePasskey } from './software-passkey.js'

/** Starts it for the domain `example.com`, with an authenticator app and recovery codes beside. */
export function startPasskeyApp(
  options: Partial<PasskeysOptions> = {},
  others: Partial<SecondFactorOptions<Person>> = {},
  application: Partial<ApplicationOptions<Person>> = {},
): Promise<HeldApp> {
  const factors = [passkeys<Person>({ rpId: 'example.com', ...options }), totp(), recoveryCodes()]
  return startHeldApp({ factors, ...others }, application)
}

/** A set-up that has begun. */
export interface BegunPasskey {
  readonly setup: string
  readonly options: CreationOptions
}

/** Begins to add a passkey. */
export async function beginPasskey(browser: Browser): Promise<BegunPasskey> {
  const begun = await browser.post(`${mount}/factors/passkey`, {})
  expect([begun.status, begun.json]).toEqual([201, expect.objectContaining({})])
  return begun.json as unknown as BegunPasskey
}

/** Confirms a passkey that was begun. */
export function confirmPasskey(
  browser: Browser,
  { setup }: BegunPasskey,
  credential: CredentialJson,
  name?: string,
): Promise<Answer> {
  const named = name === undefined ? {} : { name }
  return browser.post(`${mount}/factors/passkey/confirm`, { setup, credential, ...named })
}

/** Adds a passkey in a session that may, and returns its id. */
export async function addPasskey(
  browser: Browser,
  passkey: SoftwarePasskey,
  name?: string,
): Promise<string> {
  const begun = await beginPasskey(browser)
  const confirmed = await confirmPasskey(browser, begun, passkey.create(begun.options), name)
  expect([confirmed.status, confirmed.json]).toEqual([
    200,
    expect.objectContaining({ status: 'enrolled', kind: 'passkey' }),
  ])
  return String(confirmed.json['id'])
}

/** Asks for the options of a sign-in. */
export async function askFor(browser: Browser): Promise<RequestOptions> {
  const asked = await browser.post(`${mount}/challenge`, { method: 'passkey' })
  expect([asked.status, asked.json]).toEqual([201, expect.objectContaining({ status: 'pending' })])
  return asked.json['options'] as RequestOptions
}

/** Sends what a passkey has signed. */
export function give(browser: Browser, credential: CredentialJson): Promise<Answer> {
  return browser.post(`${mount}/verify`, { method: 'passkey', credential })
}

/** Asks, signs and sends. */
export async function signIn(
  browser: Browser,
  passkey: SoftwarePasskey,
  lies: Lies = {},
): Promise<Answer> {
  return give(browser, passkey.get(await askFor(browser), lies))
}

/** The failures in a row of a user. */
export async function failuresOf(app: HeldApp, id = 1): Promise<number> {
  return (await app.store.read(String(id)))?.failures ?? 0
}

/** The JSON in an attribute of a page, as scripts read it; `null` where there is no such attribute. */
export function jsonIn(page: string, attribute: string): unknown {
  const [, escaped] = new RegExp(`\\b${attribute}="([^"]*)"`).exec(page) ?? []
  if (escaped === undefined) return null
  const signs: Readonly<Record<string, string>> = {
    quot: '"',
    amp: '&',
    lt: '<',
    gt: '>',
    '#39': "'",
  }
  return JSON.parse(escaped.replace(/&([\w#]+);/g, (_, name: string) => signs[name] ?? ''))
}
