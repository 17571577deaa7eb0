/** Sets up recovery codes for a test user, in the way that the page does. */

import { assertKnownOptions } from '../core/known-options.js'
import { assertNotProduction } from '../core/not-production.js'
import type { Agent, AgentOptions } from './agent.js'
import { agentOptionNames, clientOf } from './client.js'
import { succeed } from './pass-second-factor.js'

/**
 * Sets up new recovery codes and returns them; each works once. The agent must have passed the second factor in the last
 * five minutes, with something other than a recovery code.
 *
 * @throws ConfigurationError if `NODE_ENV` is `production`, or for options that cannot be used.
 * @throws Error if the application refuses.
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
