import type { createKeyRing } from '../../src/core/keys.js'
import type { Policy, resolvePolicy } from '../../src/core/policy.js'
import type { isRefusal } from '../../src/core/refusal.js'
import type { Instant } from '../../src/core/state.js'
import type { phoneFactor } from '../../src/factors/phone/phone-factor.js'
import type { deriveCode } from '../../src/factors/phone/rules/code.js'
import type { partOf } from '../../src/factors/phone/rules/part.js'
import type { startChallenge } from '../../src/factors/phone/start-challenge.js'
import type { toolsOf } from '../../src/flows/tools.js'
import type { verify } from '../../src/flows/verify.js'
import type { StateStore } from '../../src/ports/state-store.js'

/** The parts of the flows. */
export interface PhoneModules {
  /** The instant at which their clock begins. */
  readonly baseAt: Instant
  readonly createKeyRing: typeof createKeyRing
  readonly deriveCode: typeof deriveCode
  readonly isRefusal: typeof isRefusal
  readonly partOf: typeof partOf
  readonly phoneFactor: typeof phoneFactor
  readonly resolvePolicy: typeof resolvePolicy
  readonly startChallenge: typeof startChallenge
  readonly toolsOf: typeof toolsOf
  readonly verify: typeof verify
}

export interface PhoneFlows {
  readonly policy: Policy
  /** The codes that were sent, oldest first. */
  readonly sent: readonly string[]
  setNow(now: Instant): void
  start(subject: string): ReturnType<typeof startChallenge>
  /** Judges a code and returns the refusal's code, or `passed`. */
  guess(subject: string, code: string): Promise<string>
  /** The code of the running challenge, or `null`. */
  runningCode(subject: string): Promise<string | null>
}

export function phoneFlowsOf(
  modules: PhoneModules,
): (store: StateStore, onSend?: (code: string) => Promise<void>) => PhoneFlows
