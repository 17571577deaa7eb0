/** Judges a code of an app: right within the drift of clocks, and once. */

import { failuresUntilLock } from '../../../core/ledger.js'
import type { Policy } from '../../../core/policy.js'
import { isRefusal, refusal, type Refusal } from '../../../core/refusal.js'
import type { Seal } from '../../../core/seal.js'
import type { Instant, SubjectState } from '../../../core/state.js'
import type { Attempt, Verdict } from '../../../ports/attempt.js'
import { stepAt, stepOf } from './codes.js'
import { partOf, type TotpPart } from './part.js'
import { openSecret, sealSecret } from './secret.js'

/** What judging works with. */
export interface TotpRules {
  readonly seal: Seal
  readonly policy: Policy
  /** Steps that a clock may be ahead or behind. */
  readonly driftSteps: number
}

/** How many accepted steps are remembered beside the last. */
const rememberedSteps = 6

/** Judges a code on a row. One that was used before is refused without counting: a double click is no guess. */
export function judgeCode(
  rules: TotpRules,
  row: SubjectState,
  now: Instant,
  { evidence }: Pick<Attempt, 'evidence'>,
): Verdict {
  const { seal, policy, driftSteps } = rules
  const part = partOf(row)
  if (part === null) return refusal('factor_not_enrolled')
  const secret = openSecret(seal, row.subject, part)
  if (secret === null) return refusal('factors_lost')
  const step = stepOf(secret, evidence as string, now, driftSteps)
  if (step === null) {
    const attemptsLeft = failuresUntilLock(row, policy) - 1
    return { status: 'wrong', part, refusal: refusal('code_incorrect', { attemptsLeft }) }
  }
  const used = usedRefusal(rules, part, step, now)
  if (isRefusal(used)) return used
  const passed = { ...part, usedAt: now, ...withStep(part, step) }
  // Whoever passes after a rotation is sealed under the new secret, in a write that happens anyway.
  const isCurrent = part.sealedBy === seal.keyId
  const next = isCurrent ? passed : { ...passed, ...sealSecret(seal, row.subject, part.id, secret) }
  return { status: 'right', part: next }
}

/**
 * Steps only rise, so that no code counts twice. A step too far ahead was accepted by a clock that was wrong, and
 * holds nobody up until then; its own code stays used up all the same.
 */
function usedRefusal(
  { driftSteps }: TotpRules,
  { lastStep, earlierSteps }: TotpPart,
  step: number,
  now: Instant,
): Refusal | null {
  const latest = stepAt(now) + driftSteps + 1
  const isUsed = [lastStep, ...earlierSteps].some(
    (used) => used === step || (used > step && used <= latest),
  )
  return isUsed ? refusal('code_used') : null
}

/** Of the steps before it, those count on that a clock which leaps back could reach: the last two, and those ahead. */
function withStep(part: TotpPart, step: number): Pick<TotpPart, 'lastStep' | 'earlierSteps'> {
  const used = [...part.earlierSteps, part.lastStep]
  const reachable = used.filter((each, index) => each > step || index >= used.length - 2)
  return { lastStep: step, earlierSteps: reachable.slice(-rememberedSteps) }
}
