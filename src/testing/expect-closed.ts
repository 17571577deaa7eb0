/** Finds routes that are open with only the password. */

import { AssertionError } from 'node:assert'

import { ConfigurationError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'
import { assertNotProduction } from '../core/not-production.js'
import type { Agent, AgentOptions } from './agent.js'
import { agentOptionNames, clientOf, type Answer, type Client } from './client.js'
import { succeed } from './pass-second-factor.js'

/** The codes with which a gate refuses. Another 401 or 403, such as a CSRF check's, does not prove that there is a gate. */
const closedCodes: readonly unknown[] = [
  ...['second_factor_required', 'second_factor_stale', 'second_factor_insufficient'],
  'login_required',
]

/**
 * Requests each route as somebody who has given the password but not the second factor, and fails with the routes that no
 * gate closes. A route is a path, such as `'/account'`, or a method and a path, such as `'POST /transfer'`. The handler of
 * an open route runs.
 *
 * @throws ConfigurationError if `NODE_ENV` is `production`, or for options that cannot be used.
 * @throws AssertionError naming the routes that are open, or if the agent has already passed its second factor.
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
  if (asked.length === 0) throw new ConfigurationError('expectClosed needs at least one route')
  const client = clientOf(agent, options)
  // Without a login every route is closed, which would prove nothing.
  const { passed } = await succeed(client, 'GET', '/')
  if (passed !== false) {
    fail(
      'expectClosed: this agent has already passed its second factor; use one after the password',
    )
  }
  const open: string[] = []
  for (const { method, path } of asked) {
    const body = method === 'GET' || method === 'HEAD' ? undefined : {}
    const answer = await client.ask(method, path, body)
    if (!isClosed(client, answer)) open.push(`${method} ${path} returned ${saidBy(answer)}`)
  }
  if (open.length > 0) {
    fail(`these routes are open with only the password; gate them:\n  ${open.join('\n  ')}`)
  }
}

function routeOf(route: string): { readonly method: string; readonly path: string } {
  const [, method = 'GET', path] = /^(?:([A-Z]+) +)?(\/\S*)$/.exec(route) ?? []
  if (path !== undefined) return { method, path }
  throw new ConfigurationError(
    `expectClosed: ${JSON.stringify(route)} is not a route; write a path such as '/account', or 'POST /transfer'`,
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
  if (location !== null) return `${status} to ${location}`
  return typeof body['code'] === 'string' ? `${status} ${body['code']}` : String(status)
}

/** Jest prints only the message of this operator; of others it also prints values that were compared. */
function fail(message: string): never {
  throw new AssertionError({ message, operator: 'fail', stackStartFn: fail })
}
