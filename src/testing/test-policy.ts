/** Limits for test users, who log in more often than anybody else. */

import { assertNotProduction } from '../core/not-production.js'
import { resolvePolicy, type Policy, type PolicyOptions } from '../core/policy.js'

/** Beyond what any run of tests sends. */
const plenty = 1_000_000

/**
 * Makes a policy without waits between messages and without a day's budget of them. Attempts, failures and locks keep their
 * defaults; `overrides` are further limits of your own.
 *
 * @throws ConfigurationError where `NODE_ENV` is `production`, or for a limit that cannot be used.
 * @example
 * const app = createApp({ policy: testPolicy({ codeLength: 8 }) })
 */
export function testPolicy(overrides: PolicyOptions = {}): Policy {
  assertNotProduction('testPolicy', process.env)
  return resolvePolicy({
    standards: 'relaxed',
    resendLadderSeconds: [0],
    sendsPerDay: plenty,
    answeredSendsPerDay: plenty,
    ...overrides,
  })
}
