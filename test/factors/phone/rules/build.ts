/** Builds the challenges, rows and flows that tests of the phone's rules start from. */

import { memoryStore } from '../../../../src/adapters/memory/memory-store.js'
import { createKeyRing } from '../../../../src/core/keys.js'
import { resolvePolicy, type PolicyOptions } from '../../../../src/core/policy.js'
import type { SubjectState } from '../../../../src/core/state.js'
import { phoneFactor, type PhoneFactor } from '../../../../src/factors/phone/phone-factor.js'
import type { CodeSender } from '../../../../src/factors/phone/ports/code-sender.js'
import type { NewChallenge } from '../../../../src/factors/phone/rules/challenge.js'
import type { Challenge, PhonePart, Receipt } from '../../../../src/factors/phone/rules/part.js'
import type { FlowContext } from '../../../../src/flows/context.js'
import { toolsOf } from '../../../../src/flows/tools.js'
import type { Factor } from '../../../../src/ports/factor.js'
import { rowWith } from '../../../core/build.js'
import { minute, t0 } from '../../../support/clock.js'
import { cameroon } from '../../../support/phones.js'
import { withPhoneFields } from '../../../support/rows.js'

/** The secret behind every code of these tests. */
export const keys = createKeyRing('a-secret-of-the-phone-rules-0123456789')

/** The fields of a new challenge, with some replaced. */
export function freshChallenge(fields: Partial<NewChallenge> = {}): NewChallenge {
  return {
    id: 'challenge-1',
    sessionKey: 'session-1',
    code: { owner: 'local', keyId: keys.issuingKeyId },
    purpose: 'sign-in',
    channel: 'sms',
    destination: cameroon,
    ...fields,
  }
}

/** A challenge that was issued at `t0` and never guessed at, with some fields replaced. */
export function challengeWith(fields: Partial<Challenge> = {}): Challenge {
  return {
    ...freshChallenge(),
    epoch: 0,
    issuedAt: t0,
    expiresAt: t0 + 5 * minute,
    attempts: 0,
    maxAttempts: 5,
    sends: 1,
    receipt: null,
    ...fields,
  }
}

/** A message that its vendor has accepted, with some fields replaced. */
export function receiptWith(fields: Partial<Receipt> = {}): Receipt {
  return { ref: 'SM1', status: 'accepted', reason: null, ...fields }
}

/** A row in which the phone keeps this. */
export function phoneRow(
  part: Partial<PhonePart>,
  fields: Partial<SubjectState> = {},
): SubjectState {
  return withPhoneFields(rowWith(fields), part)
}

/** The context of the phone's rules. */
export interface PhoneFlow {
  readonly flow: FlowContext
  readonly factor: Factor<never>
  readonly context: PhoneFactor<never>['context']
}

/** The flows on a store in memory, with the phone as the only factor. */
export function phoneFlow(
  clock: () => number,
  {
    policy = {},
    send = () => Promise.resolve({ status: 'sent' }),
    events,
  }: {
    readonly policy?: PolicyOptions
    readonly send?: CodeSender['send']
    readonly events?: FlowContext['events']
  } = {},
): PhoneFlow {
  const factors: Factor<never>[] = []
  const flow: FlowContext = {
    policy: resolvePolicy(policy),
    store: memoryStore(),
    factors,
    events,
    clock,
    keys: () => keys,
    storeTimeoutSeconds: 5,
  }
  const tools = toolsOf(flow, { appName: '' })
  const users = { id: () => 'user-1', phone: () => cameroon }
  const phone = phoneFactor<never>({ sender: { channel: 'sms', send }, users }, tools)
  factors.push(phone.factor)
  return { flow, ...phone }
}
