/** Sets recovery codes up for a test user, as the user does on the page. */

import { assertKnownOptions } from '../core/known-options.js'
import { assertNotProduction } from '../core/not-production.js'
import type { Agent, AgentOptions } from './agent.js'
import { agentOptionNames, clientOf } from './client.js'
import { succeed } from './pass-second-factor.js'

/**
 * Sets a new set of recovery codes up, and returns them; each passes once. The agent has to have passed the second factor in
 * the last five minutes, by something other than a recovery code.
 *
 * @throws ConfigurationError where `NODE_ENV` is `production`, or for options that cannot be used.
 * @throws Error where the application refuses.
 * @example
 * const [code] = await setUpRecoveryCodes(agent)
 * await passSecondFactor(another, { code, method: 'recovery-code' })
 */
export async function setUpRecoveryCodes(
  agent: Agent,
  options: AgentOptions = {},
): Promise<readonly string[]> {
  assertNotProduction('setUpRecoveryCodes', process.env)
  assertKnownOptions('setUpRecoveryCodes', options, agentOptionNames)
  const client = clientOf(agent, options)
  const { setup, codes } = await succeed(client, 'POST', '/factors/recovery', {})
  await succeed(client, 'POST', '/factors/recovery/confirm', { setup })
  return codes as readonly string[]
}
