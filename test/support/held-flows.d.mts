import type { createSecondFactor, recoveryCodes, SecondFactor, totp } from '../../src/index.js'
import type { StateStore } from '../../src/ports/state-store.js'

/** The parts of the flows. */
export interface HeldModules {
  readonly createSecondFactor: typeof createSecondFactor
  readonly recoveryCodes: typeof recoveryCodes
  readonly totp: typeof totp
}

/** A code, and what it is of. */
export interface HeldAttempt {
  readonly method: 'totp' | 'recovery-code'
  readonly code: string
}

export interface HeldFlows {
  readonly secondFactor: SecondFactor<{ readonly id: string }>
  /** Judges a code, and returns the refusal's code, or `passed`. */
  readonly judge: (subject: string, attempt: HeldAttempt) => Promise<string>
}

export function heldFlowsOf(modules: HeldModules): (store: StateStore, now: number) => HeldFlows
