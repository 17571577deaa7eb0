/** The starting point of the authenticator app tests. */

import { resolvePolicy, type PolicyOptions } from '../../../src/core/policy.js'
import { createKeyRing } from '../../../src/core/keys.js'
import { createSeal } from '../../../src/core/seal.js'
import type { SubjectState } from '../../../src/core/state.js'
import { codeAt, stepAt } from '../../../src/factors/totp/rules/codes.js'
import { judgeCode, type TotpRules } from '../../../src/factors/totp/rules/judge.js'
import { kind, type TotpPart } from '../../../src/factors/totp/rules/part.js'
import { sealSecret } from '../../../src/factors/totp/rules/secret.js'
import type { Verdict } from '../../../src/ports/attempt.js'
import { rowWith } from '../../core/build.js'
import { day, t0 } from '../../support/clock.js'
import { firstSecret } from '../held-rig.js'

/** The secret of the app that these tests hold. */
export const appSecret = Buffer.from('an app secret of 20 ')

/** The code that the app shows at an instant. */
export const codeOf = (now: number) => codeAt(appSecret, stepAt(now))

export interface RulesOptions {
  readonly secret?: string | readonly string[]
  readonly driftSteps?: number
  readonly policy?: PolicyOptions
}

export function rulesWith(options: RulesOptions = {}): TotpRules {
  const { secret = firstSecret, driftSteps = 1, policy } = options
  return { seal: createSeal(createKeyRing(secret)), driftSteps, policy: resolvePolicy(policy) }
}

/** An app of `user-1`, set up the day before `t0`, with some fields replaced. */
export function partWith(fields: Partial<TotpPart> = {}, rules = rulesWith()): TotpPart {
  return {
    held: true,
    id: 'app-1',
    ...sealSecret(rules.seal, 'user-1', 'app-1', appSecret),
    name: 'My phone',
    addedAt: t0 - day,
    usedAt: null,
    lastStep: stepAt(t0 - day),
    earlierSteps: [],
    ...fields,
  }
}

export function rowOf(part: TotpPart, fields: Partial<SubjectState> = {}): SubjectState {
  return rowWith({ ...fields, factors: { [kind]: part } })
}

/** Judges a code on an app; a right one leaves the next part. */
export function judge(part: TotpPart, now: number, code: string, rules = rulesWith()): Verdict {
  return judgeCode(rules, rowOf(part), now, { evidence: code })
}

/** In a word: `right`, or the code of the refusal. */
export function wordFor(verdict: Verdict): string {
  if (verdict.status === 'right') return 'right'
  return verdict.status === 'refused' ? verdict.code : verdict.refusal.code
}
