/** The tools shared by the steps of a decision, and their objections. */

import type { Refusal } from '../../../core/refusal.js'
import type { CountStore } from '../../../ports/count-store.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import type { Finding } from '../ports/send-guard.js'
import type { Alarms } from './alarms.js'
import type { BoundedCounts } from './bounded-counts.js'
import type { Limits } from './options.js'
import type { OutcomeBuffer } from './outcomes.js'
import type { FindUnverified } from './unverified-rule.js'

/** The tools that every step shares. */
export interface Gate {
  readonly limits: Limits
  readonly tools: FactorTools
  readonly counts: BoundedCounts
  /** Reads sums, together with messages that are sent at the same time. Without a timeout. */
  readonly sums: CountStore['sums']
  readonly alarms: Alarms
  readonly outcomes: OutcomeBuffer
  readonly findUnverified: FindUnverified
}

/** A reason against sending a message. */
export interface Objection {
  /** A rule, `deny`, `guard:` and its name, or `unavailable`. */
  readonly by: string
  readonly action: 'refuse' | 'record'
  readonly findings: readonly Finding[]
  /** Makes the refusal, if `action` is `refuse`. */
  readonly refuse: () => Refusal | Promise<Refusal>
}
