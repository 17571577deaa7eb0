/** Passes the second factor in a test, as somebody who has logged in with the password. */

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

/** Where the code comes from, and where the application is. Give `inbox` or `code`. */
export interface PassOptions extends AgentOptions {
  /**
   * Where the application's messages arrive, as `inboxSender()` keeps them. A code is asked for unless the login has sent
   * one.
   *
   * @default none
   */
  readonly inbox?: Inbox | undefined
  /**
   * The code itself: one of an authenticator app, or a recovery code.
   *
   * @default the last one in the inbox
   */
  readonly code?: string | undefined
  /**
   * The method that the code is of, such as `recovery-code`.
   *
   * @default `sms` with an inbox, and with a code the method that the user is asked for first
   */
  readonly method?: Method | undefined
}

/** Messages, newest first. `inboxSender()` is one, and so is anything that a team has of its own. */
export interface Inbox {
  messages(): readonly { readonly to: string; readonly code: string }[]
}

/** The response to the right code, with whatever else the application's router answers. */
export interface PassAnswer extends Readonly<Record<string, unknown>> {
  readonly status: 'passed'
  readonly method: Method
  /** Where the person goes next. */
  readonly returnTo: string
}

const optionNames: Readonly<Record<keyof PassOptions, true>> = {
  ...{ inbox: true, code: true, method: true },
  ...agentOptionNames,
}

/** What to do about the refusals that tests meet. */
const remedies: Readonly<Partial<Record<string, string>>> = {
  login_required: 'log in with the password first, by an agent that keeps cookies',
  cooldown:
    'a code was sent a moment ago: advance the clock, or give createSecondFactor policy: testPolicy()',
  send_limit:
    "the day's budget of this user is spent: give createSecondFactor policy: testPolicy(), or call " +
    'secondFactor.resetResends(user)',
  destination_missing:
    'this user has no phone: give one to the test user, or code in place of inbox',
  code_used: 'each code of an app counts once: take the next by app.code(), or advance the clock',
  locked_out: 'this user has failed too often: call secondFactor.resetAttempts(user)',
  cross_site_request: 'the agent sends the headers of another site',
}

/**
 * Passes the second factor: reads the code that the login has sent, asks for one where there is none, and types it. The
 * agent has to be logged in with the password; afterwards it passes the gates. A page of Playwright is led to `returnTo`.
 *
 * @throws ConfigurationError where `NODE_ENV` is `production`, or for options that cannot be used.
 * @throws Error where the application refuses, with what to do about it.
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

/** The code that was sent to this session's user, with its method. */
async function sentCode(
  client: Client,
  inbox: Inbox | undefined,
  method: Method = 'sms',
): Promise<{ readonly code: string; readonly method: Method }> {
  if (inbox === undefined) {
    throw new ConfigurationError(
      'passSecondFactor needs inbox, such as the inboxSender() that the application sends by, or a code',
      'inbox',
    )
  }
  const { challenge } = await succeed(client, 'GET', '/')
  const sent = challenge ?? (await succeed(client, 'POST', '/challenge', { method }))
  // Shown is the end of the phone: that tells the messages to several users apart.
  const ending = String((sent as { readonly destination?: unknown }).destination).replace(/\D/g, '')
  const message = inbox.messages().find(({ to, code }) => code !== '' && to.endsWith(ending))
  if (message !== undefined) return { code: message.code, method }
  throw new Error(
    `no code to a phone that ends in ${ending} is in the inbox; is it the sender of this application?`,
  )
}

/** Asks the router, and returns the body of a success. */
export async function succeed(
  client: Client,
  method: string,
  path: string,
  body?: object,
): Promise<Answer['body']> {
  const { mount } = client
  const answer = await client.ask(method, mount + path, body)
  if (answer.status < 300 && Object.keys(answer.body).length > 0) return answer.body
  throw new Error(`${method} ${mount}${path} answered ${saidBy(answer, mount)}`)
}

function saidBy({ status, body }: Answer, mount: string): string {
  const { code, detail, retryAfterSeconds: wait } = body
  if (typeof code !== 'string') {
    return `${status}; is the router mounted at ${mount}, as the option mount says?`
  }
  const remedy = remedies[code] ?? String(detail)
  return `${status} ${code}${typeof wait === 'number' ? ` for ${wait} s` : ''}: ${remedy}`
}
