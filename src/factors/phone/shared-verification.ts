/** Ends verifications at a vendor, unless another row waits for the same one: a stranger may share a person's. */

import { after, type Decision, type SubjectState } from '../../core/state.js'
import type { PhoneContext } from './context.js'
import { cancelAtVendor } from './delivery.js'
import { subjectOf } from './for-subject.js'
import { addHolder, dropHolders, keepHolder, removeHolder } from './rules/holders.js'
import { partOf, type Challenge } from './rules/part.js'

type Context = PhoneContext<never>

/** Registers a challenge that is about to start a verification. */
export async function joinVerification(context: Context, challenge: Challenge): Promise<void> {
  if (challenge.code.owner !== 'hosted') return
  await onPhone(context, challenge, (row) => addHolder(row, challenge.id, context.clock()))
}

/** Stores the id of the verification that the vendor has started. */
export async function keepVerification(
  context: Context,
  challenge: Challenge,
  ref: string,
): Promise<void> {
  const { clock, policy } = context
  const until = after(challenge.expiresAt, policy.graceSeconds)
  const holder = { challengeId: challenge.id, ref, until }
  await onPhone(context, challenge, (row) => keepHolder(row, holder, clock()))
}

/** Forgets the challenges that wait for a verification that the vendor has ended. */
export async function dropVerification(
  context: Context,
  challenge: Challenge,
  ref: string,
): Promise<void> {
  await onPhone(context, challenge, (row) => dropHolders(row, ref))
}

/**
 * Ends a challenge's verification at the vendor, unless another challenge waits for it. `row` is the row that held
 * the challenge, because the phone's own row may be erased by now. Returns true if the vendor was asked to end it.
 */
export async function endVerification(
  context: Context,
  challenge: Challenge,
  row: SubjectState,
): Promise<boolean> {
  const { code } = challenge
  if (code.owner !== 'hosted' || code.ref === null || context.verifier === null) return false
  const { id } = challenge
  const { ref } = code
  const left = await onPhone(context, challenge, (phone) => {
    const isKept = partOf(phone).holders !== undefined || row.subject !== phone.subject
    const { state, outcome } = removeHolder(isKept ? phone : row, id, ref, context.clock())
    return { state: isKept ? state : phone, outcome }
  })
  if (left === true) return false
  await cancelAtVendor(context, challenge)
  return true
}

/** Applies a rule to the phone's own row. Codes work without it, so errors are ignored. */
async function onPhone<Outcome>(
  { transition }: Context,
  { destination }: Challenge,
  rule: (row: SubjectState) => Decision<Outcome>,
): Promise<Outcome | undefined> {
  try {
    return (await transition(subjectOf(destination), rule)).outcome
  } catch {
    return undefined
  }
}
