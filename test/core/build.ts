/** Builds the rows, challenges and limits that the tests of the core start from. */

import type { NewChallenge } from '../../src/factors/phone/rules/challenge.js'
import { resolvePolicy, type Policy, type PolicyOptions } from '../../src/core/policy.js'
import {
  newSubject,
  type Challenge,
  type Grant,
  type Instant,
  type SubjectState,
} from '../../src/core/state.js'

/** The instant at which these tests begin. */
export const t0: Instant = Date.UTC(2026, 0, 1)

export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

export const cameroon = '+237671234567'
export const india = '+919876543210'

export function policyOf(options: PolicyOptions = {}): Policy {
  return resolvePolicy(options)
}

export function rowOf(parts: Partial<SubjectState> = {}): SubjectState {
  return { ...newSubject('user-1', 1, t0), ...parts }
}

export function freshOf(parts: Partial<NewChallenge> = {}): NewChallenge {
  return {
    id: 'challenge-1',
    keyId: 'key-1',
    purpose: 'sign-in',
    method: 'sms',
    channel: 'sms',
    destination: cameroon,
    ...parts,
  }
}

export function challengeOf(parts: Partial<Challenge> = {}): Challenge {
  return {
    ...freshOf(),
    hostedRef: null,
    issuedAt: t0,
    expiresAt: t0 + 5 * minute,
    attempts: 0,
    maxAttempts: 5,
    sends: 1,
    receipt: null,
    ...parts,
  }
}

export function grantOf(parts: Partial<Grant> = {}): Grant {
  return {
    id: 'grant-1',
    method: 'sms',
    purpose: 'sign-in',
    issuedAt: t0,
    expiresAt: t0 + 12 * hour,
    ...parts,
  }
}
