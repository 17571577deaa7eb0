/** Passes the second factor in a test, after a login with the password. */

import { ConfigurationError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'
import { assertNotProduction } from '../core/not-production.js'
import type { Method } from '../core/state.js'
import type { Agent, AgentOptions } from './agent.js'
import {
  addressOn,
  agentOptionNames,
  clientOf,
  isPage,
  type Answer,
  type Client,
} from './client.js'

/** The source of the code, and the application's address. Give `inbox` or `code`. */
export interface PassOptions extends AgentOptions {
  /**
   * The inbox for the application's messages, such as `inboxSender()`. A code is requested unless the login has already
   * sent one.
   *
   * @default none
   */
  readonly inbox?: Inbox | undefined
  /**
   * The code itself: from an authenticator app, or a recovery code.
   *
   * @default the latest code in the inbox
   */
  readonly code?: string | undefined
  /**
   * The method of the code, such as `recovery-code`.
   *
   * @default `sms` with an inbox; with a code, the user's first method
   */
  readonly method?: Method | undefined
}

/** Messages, newest first. `inboxSender()` is one; your own test inbox can be another. */
export interface Inbox {
  messages(): readonly { readonly to: string; readonly code: string }[]
}

/** The response to the right code, with all other fields of the router's response. */
export interface PassAnswer extends Readonly<Record<string, unknown>> {
  readonly status: 'passed'
  readonly method: Method
  /** The page that the person goes to next. */
  readonly returnTo: string
}

const optionNames: Readonly<Record<keyof PassOptions, true>> = {
  ...{ inbox: true, code: true, method: true },
  ...agentOptionNames,
}

/** Remedies for the refusals that tests run into. */
const remedies: Readonly<Partial<Record<string, string>>> = {
  login_required: 'log in with the password first, with an agent that keeps cookies',
  cooldown:
    'a code was sent a moment ago: advance the clock, or pass policy: testPolicy() to createSecondFactor',
  send_limit:
    "this user's daily budget is spent: pass policy: testPolicy() to createSecondFactor, or call " +
    'secondFactor.resetResends(user)',
  destination_missing:
    'this user has no phone: give the test user one, or pass code instead of inbox',
  code_used: "an app's code works once: get the next with app.code(), or advance the clock",
  locked_out: 'this user has failed too often: call secondFactor.resetAttempts(user)',
  cross_site_request: "the agent sends another site's headers: leave Origin and Sec-Fetch-Site out",
}

/**
 * Passes the second factor: reads the code that the login sent, or requests one, and submits it. The agent has to be
 * logged in with the password; afterwards it passes the gates. A Playwright page is taken to `returnTo`.
 *
 * @throws ConfigurationError if `NODE_ENV` is `production`, or for options that cannot be used.
 * @throws Error if the application refuses, with the remedy.
 * @example
 * const agent = request.agent(app)
 * await agent.post('/login').send({ username: 'alice', password: 'wonderland-7' })
 * await passSecondFactor(agent, { inbox })
 */
export async function passSecondFactor(agent: Agent, options: PassOptions): Promise<PassAnswer> {
  assertNotProduction('passSecondFactor', process.env)
  assertKnownOptions('passSecondFactor', options, optionNames)
  const { inbox, code, method, origin } = options
  const client = clientOf(agent, options)
  const fields =
    code === undefined ? await sentCode(client, inbox, method) : { code, ...(method && { method }) }
  const answer = (await succeed(client, 'POST', '/verify', fields)) as PassAnswer
  if (isPage(agent)) await agent.goto(addressOn(agent, answer.returnTo, origin))
  return answer
}

/** Returns the code that was sent to this session's user, and its method. */
async function sentCode(
  client: Client,
  inbox: Inbox | undefined,
  method: Method = 'sms',
): Promise<{ readonly code: string; readonly method: Method }> {
  if (inbox === undefined) {
    throw new ConfigurationError(
      "passSecondFactor needs inbox, such as the application's inboxSender(), or a code",
      'inbox',
    )
  }
  const { challenge } = await succeed(client, 'GET', '/')
  const sent = challenge ?? (await succeed(client, 'POST', '/challenge', { method }))
  // Only the end of the phone is shown. It tells apart the messages to several users.
  const ending = String((sent as { readonly destination?: unknown }).destination).replace(/\D/g, '')
  const message = inbox.messages().find(({ to, code }) => code !== '' && to.endsWith(ending))
  if (message !== undefined) return { code: message.code, method }
  throw new Error(
    `the inbox has no code for a phone that ends in ${ending}; is this inbox the application's sender?`,
  )
}

/** Makes a request to the router, and returns the body if it succeeds. */
export async function succeed(
  client: Client,
  method: string,
  path: string,
  body?: object,
): Promise<Answer['body']> {
  const { mount } = client
  const answer = await client.ask(method, mount + path, body)
  if (answer.status < 300 && Object.keys(answer.body).length > 0) return answer.body
  throw new Error(`${method} ${mount}${path} returned ${saidBy(answer, mount)}`)
}

function saidBy({ status, body }: Answer, mount: string): string {
  const { code, detail, retryAfterSeconds: wait } = body
  if (typeof code !== 'string') {
    return `${status}; is the router mounted at ${mount}? If not, set the option mount`
  }
  const remedy = remedies[code] ?? String(detail)
  return `${status} ${code}${typeof wait === 'number' ? ` for ${wait} s` : ''}: ${remedy}`
}
