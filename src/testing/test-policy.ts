/** Limits for test users, who log in far more often than real ones. */

import { assertNotProduction } from '../core/not-production.js'
import { resolvePolicy, type Policy, type PolicyOptions } from '../core/policy.js'

/** More than any test run sends. */
const plenty = 1_000_000

/**
 * Makes a policy without waits between messages and without a daily budget of them. Attempts, failures and locks keep
 * their defaults; `overrides` sets further limits.
 *
 * @throws ConfigurationError if `NODE_ENV` is `production`, or for a limit that cannot be used.
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
