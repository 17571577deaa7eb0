/** Judges a checked assertion: its passkey, reuse, and counter. */

import { refusal } from '../../../core/refusal.js'
import type { Instant, SubjectState } from '../../../core/state.js'
import type { Verdict } from '../../../ports/attempt.js'
import { partOf, withKeys, withSpent, type Passkey, type SpentCeremony } from './part.js'

/** The result of checking an assertion. */
export type CheckedAssertion =
  /** A passkey of this user signed our challenge. */
  | SignedAssertion
  /** No passkey of this user made it, so somebody is trying to get in. */
  | { readonly status: 'wrong' }
  /** Made for another site, session or ceremony, or expired. Not counted as a failure. */
  | { readonly status: 'void' }

/** A valid assertion. */
export interface SignedAssertion {
  readonly status: 'signed'
  /** The credential id of the passkey. */
  readonly credentialId: string
  readonly counter: number
  readonly synced: boolean
  /** The user handle, if the authenticator returned one. */
  readonly handle: string | null
  readonly ceremony: SpentCeremony
}

/** A reason to suspect a valid assertion. */
export type Suspicion =
  /** The counter has not risen: two copies of the key are in use, or the authenticator's counter is broken. */
  | 'counter'
  /** The flag that says if the key can be synced has changed. It must not. */
  | 'backup_eligibility'
  /** The authenticator returned another user's handle. */
  | 'user_handle'

/** The proof of a right answer. */
export interface PasskeyProof {
  /** Set if the counter of a synced key has not risen, which is not a reason to refuse it. */
  readonly suspicion: Suspicion | null
}

/** The refusal for every reason. Events have the details. */
export const rejected = refusal('passkey_rejected')

/** Judges a checked assertion against the current row. */
export function judgeAssertion(
  row: SubjectState,
  now: Instant,
  checked: CheckedAssertion | null,
): Verdict {
  const part = partOf(row)
  if (part === null || part.keys.length === 0) return refusal('factor_not_enrolled')
  if (checked === null || checked.status === 'void') return rejected
  if (checked.status === 'wrong') return { status: 'wrong', part, refusal: rejected }
  const { credentialId, ceremony } = checked
  const key = part.keys.find((each) => each.credentialId === credentialId)
  if (key === undefined || part.spent.some(({ id }) => id === ceremony.id)) return rejected
  const suspicion = suspicionOf(key, part.handle, checked)
  if (isRefused(suspicion, key)) return rejected
  // A copy of a synced key may have a lower counter. Keep the highest.
  const counter = Math.max(key.counter, checked.counter)
  const used: Passkey = { ...key, counter, usedAt: now }
  const keys = part.keys.map((each) => (each === key ? used : each))
  const proof: PasskeyProof = { suspicion }
  return { status: 'right', part: withSpent(withKeys(part, keys), ceremony, now), proof }
}

/** The suspicion for which `judgeAssertion` refuses a valid assertion, or `null`. */
export function refusedFor(row: SubjectState, checked: CheckedAssertion): Suspicion | null {
  const part = partOf(row)
  if (part === null || checked.status !== 'signed') return null
  const key = part.keys.find(({ credentialId }) => credentialId === checked.credentialId)
  if (key === undefined || part.spent.some(({ id }) => id === checked.ceremony.id)) return null
  const suspicion = suspicionOf(key, part.handle, checked)
  return isRefused(suspicion, key) ? suspicion : null
}

function suspicionOf(key: Passkey, ours: string, signed: SignedAssertion): Suspicion | null {
  if (signed.handle !== null && signed.handle !== ours) return 'user_handle'
  if (signed.synced !== key.synced) return 'backup_eligibility'
  return key.counter > 0 && signed.counter <= key.counter ? 'counter' : null
}

/** Each copy of a synced key has its own counter, so a lower counter proves nothing. */
function isRefused(suspicion: Suspicion | null, { synced }: Passkey): boolean {
  return suspicion !== null && !(suspicion === 'counter' && synced)
}
