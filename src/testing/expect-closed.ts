/** Finds routes that the password alone opens. */

import { AssertionError } from 'node:assert'

import { ConfigurationError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'
import { assertNotProduction } from '../core/not-production.js'
import type { Agent, AgentOptions } from './agent.js'
import { agentOptionNames, clientOf, type Answer, type Client } from './client.js'
import { succeed } from './pass-second-factor.js'

/** Every way in which a gate refuses: no other 401 or 403, such as that of a CSRF check, shows that there is one. */
const closedCodes: readonly unknown[] = [
  ...['second_factor_required', 'second_factor_stale', 'second_factor_insufficient'],
  'login_required',
]

/**
 * Asks for each route as somebody whose password was accepted and whose second factor is not passed, and fails with the
 * routes that no gate closes: `'/account'`, or a method and a path, such as `'POST /transfer'`. An open one runs.
 *
 * @throws ConfigurationError where `NODE_ENV` is `production`, or for options that cannot be used.
 * @throws AssertionError naming the routes that are open, or where the agent does not wait for its second factor.
 * @example
 * await agent.post('/login').send({ username: 'alice', password: 'wonderland-7' })
 * await expectClosed(agent, ['/account', 'POST /transfer'])
 */
export async function expectClosed(
  agent: Agent,
  routes: readonly string[],
  options: AgentOptions = {},
): Promise<void> {
  assertNotProduction('expectClosed', process.env)
  assertKnownOptions('expectClosed', options, agentOptionNames)
  const asked = routes.map(routeOf)
  if (asked.length === 0) throw new ConfigurationError('expectClosed needs routes to ask for')
  const client = clientOf(agent, options)
  // Everything is closed to somebody who is not logged in, which would prove nothing.
  const { passed } = await succeed(client, 'GET', '/')
  if (passed !== false) fail('expectClosed: this agent has passed its second factor already')
  const open: string[] = []
  for (const { method, path } of asked) {
    const body = method === 'GET' || method === 'HEAD' ? undefined : {}
    const answer = await client.ask(method, path, body)
    if (!isClosed(client, answer)) open.push(`${method} ${path} answered ${saidBy(answer)}`)
  }
  if (open.length > 0) {
    fail(`no gate closes these routes to the password alone:\n  ${open.join('\n  ')}`)
  }
}

function routeOf(route: string): { readonly method: string; readonly path: string } {
  const [, method = 'GET', path] = /^(?:([A-Z]+) +)?(\/\S*)$/.exec(route) ?? []
  if (path !== undefined) return { method, path }
  throw new ConfigurationError(
    `expectClosed: ${JSON.stringify(route)} is no route; write a path, such as '/account', or 'POST /transfer'`,
  )
}

function isClosed({ mount }: Client, { status, body, location }: Answer): boolean {
  if (status === 303) return location !== null && leadsTo(mount, location)
  return (status === 401 || status === 403) && closedCodes.includes(body['code'])
}

function leadsTo(mount: string, location: string): boolean {
  const { pathname } = new URL(location, 'http://localhost')
  return pathname === mount || pathname.startsWith(`${mount}/`)
}

function saidBy({ status, body, location }: Answer): string {
  if (location !== null) return `${status}, which leads to ${location}`
  return typeof body['code'] === 'string' ? `${status} ${body['code']}` : String(status)
}

function fail(message: string): never {
  throw new AssertionError({ message })
}
