/** The decision on a message: its event, and its refusals. */

import { newBytes } from '../../../core/random.js'
import { refusal, refusalUntil, type Refusal } from '../../../core/refusal.js'
import { after, type Instant, type Purpose } from '../../../core/state.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import { maskPhone } from '../mask.js'
import type { Finding } from '../ports/send-guard.js'
import type { PlannedSend, SendFacts } from './counters.js'
import { millionths } from './resolve-rules.js'

/** A message that is about to be sent, and its purpose. */
export interface LimitedSend extends PlannedSend {
  readonly purpose: Purpose
  /** The time at which its code was made. */
  readonly issuedAt: Instant
}

/** The decision on a message. */
export interface Decided {
  readonly verdict: 'allowed' | 'recorded' | 'refused'
  readonly by: string | null
  readonly findings: readonly Finding[]
}

/** The wait given to people while the counts or a guard do not answer. */
const unavailableSeconds = 30

/** Emits a decision. */
export function tellDecision(
  { emit }: Pick<FactorTools, 'emit'>,
  { subject, purpose, channel, to, phoneClass, resent }: LimitedSend,
  { country, networkName, cost, currency }: SendFacts,
  decided: Decided,
): void {
  emit({
    ...{ type: 'send_decided', subject, purpose, channel, destination: maskPhone(to) },
    ...{ country, phoneClass, network: networkName, resent, ...decided },
    ...{ cost: cost === null ? null : cost / millionths, currency },
  })
}

/** The refusal for a phone, a country or a network that nothing is sent to. */
export function blockedRefusal(): Refusal {
  return refusal('destination_blocked')
}

/** The refusal while the counts or a guard do not answer. */
export function unavailableRefusal(now: Instant): Refusal {
  return refusalUntil('delivery_unavailable', after(now, unavailableSeconds), now)
}

/**
 * The refusal for a limit that many share, with a random wait of ten to twenty minutes. An attacker must learn
 * neither which limit it was nor when it has room.
 */
export function vagueRefusal(now: Instant): Refusal {
  const seconds = 600 + (newBytes(2).readUInt16BE() % 600)
  return refusalUntil('send_limit', after(now, seconds), now)
}

/** The refusal for a limit of one phone, account or network, until it has room. */
export function exactRefusal(freeAt: Instant, now: Instant): Refusal {
  return refusalUntil('send_limit', freeAt, now)
}
