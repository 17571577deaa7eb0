/** What every step of a decision works with, and what it says. */

import type { Refusal } from '../../../core/refusal.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import type { Finding } from '../ports/send-guard.js'
import type { Alarms } from './alarms.js'
import type { BoundedCounts } from './bounded-counts.js'
import type { Limits } from './options.js'
import type { OutcomeBuffer } from './outcomes.js'
import type { FindUnverified } from './unverified-rule.js'

/** What every step works with. */
export interface Gate {
  readonly limits: Limits
  readonly tools: FactorTools
  readonly counts: BoundedCounts
  readonly alarms: Alarms
  readonly outcomes: OutcomeBuffer
  readonly findUnverified: FindUnverified
}

/** Something that speaks against a message. */
export interface Objection {
  /** A rule, `deny`, `guard:` and its name, or `unavailable`. */
  readonly by: string
  readonly action: 'refuse' | 'record'
  readonly findings: readonly Finding[]
  /** The refusal, where it is one. */
  readonly refuse: () => Refusal | Promise<Refusal>
}
