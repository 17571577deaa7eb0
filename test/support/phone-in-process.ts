/** The phone's own flows on a store, in the test's process. */

import { createKeyRing } from '../../src/core/keys.js'
import { resolvePolicy } from '../../src/core/policy.js'
import { isRefusal } from '../../src/core/refusal.js'
import { phoneFactor } from '../../src/factors/phone/phone-factor.js'
import { deriveCode } from '../../src/factors/phone/rules/code.js'
import { partOf } from '../../src/factors/phone/rules/part.js'
import { startChallenge } from '../../src/factors/phone/start-challenge.js'
import { toolsOf } from '../../src/flows/tools.js'
import { verify } from '../../src/flows/verify.js'
import { baseAt } from '../../src/testing/contract-fixtures.js'
import { phoneFlowsOf } from './phone-flows.mjs'

/** Makes the flows, with the default limits, at the base of the contract's instants. */
export const phoneFlows = phoneFlowsOf({
  ...{ baseAt, createKeyRing, deriveCode, isRefusal, partOf },
  ...{ phoneFactor, resolvePolicy, startChallenge, toolsOf, verify },
})
