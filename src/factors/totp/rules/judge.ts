/** Judges an app's code: accepted once, within the tolerated clock drift. */

import { failuresUntilLock } from '../../../core/ledger.js'
import type { Policy } from '../../../core/policy.js'
import { isRefusal, refusal, type Refusal } from '../../../core/refusal.js'
import type { Seal } from '../../../core/seal.js'
import type { Instant, SubjectState } from '../../../core/state.js'
import type { Attempt, Verdict } from '../../../ports/attempt.js'
import { stepAt, stepOf } from './codes.js'
import { partOf, type TotpPart } from './part.js'
import { openSecret, sealSecret } from './secret.js'

/** The dependencies of judging. */
export interface TotpRules {
  readonly seal: Seal
  readonly policy: Policy
  /** Steps that an app's clock may be ahead or behind. */
  readonly driftSteps: number
}

/** Accepted steps to remember, besides the last. */
const rememberedSteps = 6

/** Judges a code. A used code is refused but not counted as a failure, because a double click is not a guess. */
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
  // After a rotation of `secret`, reseal under the new one: this write happens anyway.
  const isCurrent = part.sealedBy === seal.keyId
  const next = isCurrent ? passed : { ...passed, ...sealSecret(seal, row.subject, part.id, secret) }
  return { status: 'right', part: next }
}

/**
 * The refusal of a used code, or `null`. Steps must rise, so no code passes twice. An accepted step that is too far
 * ahead came from a wrong clock: it does not block the steps before it, but its own code stays used.
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

/** Adds an accepted step, and keeps those a clock that jumps back could accept again: later steps and the last two. */
function withStep(part: TotpPart, step: number): Pick<TotpPart, 'lastStep' | 'earlierSteps'> {
  const used = [...part.earlierSteps, part.lastStep]
  const reachable = used.filter((each, index) => each > step || index >= used.length - 2)
  return { lastStep: step, earlierSteps: reachable.slice(-rememberedSteps) }
}
