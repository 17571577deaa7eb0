/** The flows on a memory store, with the factors a test passes in and a clock that it sets. */

import { memoryStore } from '../../src/adapters/memory/memory-store.js'
import { createKeyRing } from '../../src/core/keys.js'
import { resolvePolicy, type PolicyOptions } from '../../src/core/policy.js'
import { isRefusal } from '../../src/core/refusal.js'
import { newSubject, type FactorPart, type SubjectState } from '../../src/core/state.js'
import type { FlowContext } from '../../src/flows/context.js'
import { toolsOf } from '../../src/flows/tools.js'
import { verify } from '../../src/flows/verify.js'
import type { SecondFactorEvent } from '../../src/ports/event-sink.js'
import type { Factor } from '../../src/ports/factor.js'
import type { FactorTools } from '../../src/ports/factor-tools.js'
import { t0 } from '../support/clock.js'

export const firstSecret = 'first-secret-of-at-least-32-bytes-0'
export const otherSecret = 'other-secret-of-at-least-32-bytes-0'

export interface HeldRigOptions {
  readonly policy?: PolicyOptions
  readonly secret?: string | readonly string[]
  readonly appName?: string
}

export interface HeldRig {
  readonly tools: FactorTools
  readonly events: readonly SecondFactorEvent[]
  /** Milliseconds since the epoch; a test sets it. */
  now: number
  /** Has these factors judged by the flows from now on. */
  use(...factors: readonly Factor<never>[]): void
  /** Stores a row of `user-1` with these parts, in place of the one that is there. */
  keep(parts: Readonly<Record<string, FactorPart>>, fields?: Partial<SubjectState>): Promise<void>
  row(): Promise<SubjectState>
  /** Judges what a person typed, as a sign-in of `user-1`: `passed`, or the code of the refusal. */
  type(factor: Factor<never>, code: string): Promise<string>
}

export function openHeld(options: HeldRigOptions = {}): HeldRig {
  const { secret = firstSecret, appName = 'Example' } = options
  const events: SecondFactorEvent[] = []
  const ring = createKeyRing(secret)
  let factors: readonly Factor<never>[] = []
  const context: FlowContext = {
    policy: resolvePolicy(options.policy),
    store: memoryStore(),
    get factors() {
      return factors
    },
    events: {
      emit: (event) => {
        events.push(event)
      },
    },
    clock: () => rig.now,
    keys: () => ring,
    storeTimeoutSeconds: 30,
  }
  const rig: HeldRig = {
    tools: toolsOf(context, { appName }),
    events,
    now: t0,
    use(...given) {
      factors = given
    },
    async keep(parts, fields) {
      await rig.tools.transition('user-1', (row) => ({
        state: { ...row, ...fields, factors: parts },
        outcome: null,
      }))
    },
    async row() {
      return (await rig.tools.read('user-1')) ?? newSubject('user-1', 0, rig.now)
    },
    async type(factor, code) {
      const evidence = factor.readEvidence({ code })
      if (isRefusal(evidence)) return evidence.code
      const outcome = await verify(context, {
        ...{ subject: 'user-1', factor, evidence, purpose: 'sign-in', sessionKey: undefined },
        holder: { replacedGrantId: null },
      })
      return isRefusal(outcome) ? outcome.code : outcome.status
    },
  }
  return rig
}
