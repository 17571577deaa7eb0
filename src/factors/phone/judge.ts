/** Judges a code: our own by deriving it again, a vendor's by asking the vendor. */

import { isSameSecret } from '../../core/keys.js'
import { isRefusal, refusal, refusalUntil, type Refusal } from '../../core/refusal.js'
import { after, type Instant, type SubjectState } from '../../core/state.js'
import type { Attempt, RightAnswer, Settlement, Verdict } from '../../ports/attempt.js'
import { checkHosted } from './check-hosted.js'
import type { PhoneContext } from './context.js'
import { originOf } from './phone-number.js'
import type { HostedCheckResult, HostedVerifier } from './ports/hosted-verifier.js'
import { countGuess, findJudgeable } from './rules/challenge.js'
import { deriveCode } from './rules/code.js'
import { mayProveItself } from './rules/may-prove.js'
import { partOf, type Challenge, type PhonePart, type ProvedChallenge } from './rules/part.js'
import { changeRefusal, isAnother, provedAt } from './rules/change.js'
import { expired, isEnded } from './rules/reset.js'
import { giveBackAnswered } from './rules/send-ledger.js'
import { dropVerification } from './shared-verification.js'
import type { GivenPhone } from './users.js'
import { vendorWaitSeconds } from './vendor-wait.js'

type Context = PhoneContext<never>

/** Judges a code on a row. A vendor's code is counted as wrong up front; an approval clears it. */
export function judgeCode(
  context: Context,
  row: SubjectState,
  now: Instant,
  attempt: Attempt,
): Verdict {
  const { ring, codeLength, verifier } = context
  const code = attempt.evidence as string
  const challenge = findMeant(context, row, now, attempt)
  if (isRefusal(challenge)) return challenge
  if (challenge.code.owner === 'hosted' && verifier !== null) {
    const { ref } = challenge.code
    // The vendor never confirmed the start, so no code of this challenge can be judged.
    if (ref === null) return refusal('code_expired')
    const settle = () => askVendor(context, verifier, row.subject, challenge, ref, attempt)
    return { status: 'deferred', ...countGuess(partOf(row), challenge), settle }
  }
  const expected = deriveCode(ring, row.subject, challenge, codeLength)
  // The secret or the verifier that this code needs is no longer configured, so the code has ended.
  if (expected === null) return refusal('code_expired')
  if (isSameSecret(expected, code)) return used(context, row, now, challenge, attempt)
  return { status: 'wrong', ...countGuess(partOf(row), challenge) }
}

/** The running challenge, if a code for this user and purpose may be judged; otherwise the refusal. */
function findMeant(
  context: Context,
  row: SubjectState,
  now: Instant,
  attempt: Attempt,
): Challenge | Refusal {
  const current = (attempt.prepared as GivenPhone | undefined)?.destination
  const isForCurrent = attempt.purpose === 'sign-in' && current?.status === 'found'
  const destination = isForCurrent ? current.number : undefined
  const challenge = findJudgeable(row, now, context.policy, { ...attempt, destination })
  if (isRefusal(challenge)) return challenge
  return whyNot(context, row, now, challenge, attempt) ?? challenge
}

/** The refusal if the phone must not become the user's, or no longer is; `null` if all is well. */
function whyNot(
  context: Context,
  row: SubjectState,
  now: Instant,
  challenge: Challenge,
  { purpose, prepared, grantId = null }: Attempt,
): Refusal | null {
  const { policy, mistakes } = context
  const given = prepared as GivenPhone | undefined
  if (purpose === 'enrolment') {
    const isVerified = given?.isVerified ?? false
    return changeRefusal(row, now, challenge, { isVerified, grantId }, policy)
  }
  const current = given?.destination
  if (current !== undefined && !isRefusal(current)) {
    return mayProveItself(context, row, current) ? null : refusal('factor_not_enrolled')
  }
  if (!isRefusal(current)) return null
  // The phone was removed, or `deserializeUser` has returned an incomplete user.
  if (current.code === 'destination_missing') mistakes.noteLostPhone()
  return current
}

/**
 * The result of a right code: it uses the challenge up, proves its phone, and gives its messages back to the budget.
 */
function used(
  { policy, users }: Context,
  row: SubjectState,
  now: Instant,
  challenge: Challenge,
  { purpose, prepared }: Attempt,
): RightAnswer {
  const stored = partOf(row)
  const { destination } = challenge
  const sends = giveBackAnswered(stored.sends, challenge.sends, policy)
  const proved = users.keepsPhones ? provedAt(destination, now) : stored.proved
  const part: PhonePart = {
    ...{ ...stored, challenge: null, sends, proved },
    ...(users.ownsPhones && purpose === 'enrolment'
      ? { held: true, kept: { destination, verifiedAt: now } }
      : {}),
  }
  const isUnverified = (prepared as GivenPhone | undefined)?.isVerified === false
  const isNew = users.keepsPhones && isUnverified && isAnother(row, destination)
  return {
    ...{ status: 'right', part, proof: provedOf(challenge, stored) },
    passFacts: {
      elapsedSeconds: Math.max(0, (now - challenge.issuedAt) / 1000),
      country: originOf(destination).country,
    },
    ...(purpose === 'sign-in' && isNew ? { endsOthers: true } : {}),
  }
}

/**
 * Asks the vendor, and returns the rule that applies its answer. Only `approved` passes, and only for the same
 * challenge.
 */
async function askVendor(
  context: Context,
  verifier: HostedVerifier,
  subject: string,
  asked: Challenge,
  ref: string,
  attempt: Attempt,
): Promise<(row: SubjectState, now: Instant) => Settlement> {
  const result = await checkHosted(context, verifier, asked, ref, attempt.evidence as string)
  emitFault(context, subject, asked, result)
  // The verification is over for every challenge that waited for it, so the next start is free to cancel it first.
  if (result.status === 'ended') await dropVerification(context, asked, ref)
  return (row, now) => {
    const part = partOf(row)
    const running = part.challenge?.id === asked.id ? part.challenge : null
    // A parallel approval came first, or the challenge was replaced or given up while we waited for the vendor.
    const gone = refusal('no_challenge')
    if (running === null && (result.status === 'approved' || result.status === 'ended')) {
      return { status: 'unjudged', refusal: gone, isCounted: true }
    }
    switch (result.status) {
      case 'approved':
        // If an operator has ended the challenge since, it stays ended.
        return running === null || isEnded(running, context.policy)
          ? unjudged(row, running, refusal('code_expired'))
          : usedIfMeant(context, row, now, running, attempt)
      case 'incorrect':
        return { status: 'wrong' }
      case 'ended': {
        // The vendor judged nothing, perhaps because someone else who gave this phone ended the verification, so the
        // attempt is given back. Each start allows one such try, too few to guess with. The row keeps the challenge,
        // expired, because the next start has to cancel anything the vendor still holds.
        const settlement = unjudged(row, running, refusal('code_expired'))
        const left = (settlement.part as PhonePart | undefined) ?? part
        return { ...settlement, part: expired(left, now, context.policy) }
      }
      case 'operator_fault':
        return unjudged(row, running, refusal('service_misconfigured'))
      case 'unavailable': {
        const retryAt = after(now, vendorWaitSeconds(result.retryAfterSeconds))
        const refused = refusalUntil('delivery_unavailable', retryAt, now)
        // If the code may have been judged, the attempt stays spent.
        return result.judged === 'no'
          ? unjudged(row, running, refused)
          : { status: 'unjudged', refusal: refused, isCounted: true }
      }
    }
  }
}

/** The challenge for `complete`, with the phone that was kept here until now. */
function provedOf(challenge: Challenge, { kept }: PhonePart): ProvedChallenge {
  return kept === undefined ? challenge : { ...challenge, replaces: kept.destination }
}

/** Checks again, because another session may have proved another phone while we waited for the vendor. */
function usedIfMeant(
  context: Context,
  row: SubjectState,
  now: Instant,
  running: Challenge,
  attempt: Attempt,
): Settlement {
  const refused = whyNot(context, row, now, running, attempt)
  return refused === null
    ? used(context, row, now, running, attempt)
    : unjudged(row, running, refused)
}

type Unjudged = Extract<Settlement, { status: 'unjudged' }>

/** Gives back an attempt that the vendor certainly did not judge. */
function unjudged(
  row: SubjectState,
  running: Challenge | null,
  refused: ReturnType<typeof refusal>,
): Unjudged {
  if (running === null || running.attempts < 1) {
    return { status: 'unjudged', refusal: refused, isCounted: true }
  }
  const challenge = { ...running, attempts: running.attempts - 1 }
  const part: PhonePart = { ...partOf(row), challenge }
  return { status: 'unjudged', part, refusal: refused, isCounted: false }
}

/** Reports a verifier that did not judge to operators. The person is only asked to try again. */
function emitFault(
  { emit }: Context,
  subject: string,
  { purpose }: Challenge,
  result: HostedCheckResult,
): void {
  if (result.status === 'operator_fault') {
    emit({ type: 'check_failed', subject, purpose, judged: 'no', reason: result.reason })
  } else if (result.status === 'unavailable') {
    const { judged } = result
    emit({ type: 'check_failed', subject, purpose, judged, reason: 'no answer' })
  }
}
