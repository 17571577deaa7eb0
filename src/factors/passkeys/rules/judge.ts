/** Judges a signature that was checked: whose it is, whether it was used before, and what the counter says. */

import { refusal } from '../../../core/refusal.js'
import type { Instant, SubjectState } from '../../../core/state.js'
import type { Verdict } from '../../../ports/attempt.js'
import { partOf, withKeys, withSpent, type Passkey, type SpentCeremony } from './part.js'

/** What checking an assertion has found. */
export type CheckedAssertion =
  /** A passkey of this user has signed our challenge. */
  | SignedAssertion
  /** Made by no passkey of this user: somebody tries. */
  | { readonly status: 'wrong' }
  /** Made for something else: another site, session or ceremony, or too long ago. Nobody is locked for that. */
  | { readonly status: 'void' }

/** A right signature, with what it covers. */
export interface SignedAssertion {
  readonly status: 'signed'
  /** The id of the passkey in its authenticator. */
  readonly credentialId: string
  readonly counter: number
  readonly synced: boolean
  /** The user as the authenticator knows them, where it says so. */
  readonly handle: string | null
  readonly ceremony: SpentCeremony
}

/** Why a right signature is suspicious. */
export type Suspicion =
  /** The counter has not risen: two copies of the key are in use, or the authenticator has lost count. */
  | 'counter'
  /** A key that could not be copied now can, or the reverse. */
  | 'backup_eligibility'
  /** The authenticator knows another user by this key. */
  | 'user_handle'

/** What a right answer has proved. */
export interface PasskeyProof {
  /** Set where a copied key may have been used, which for a synced one is no reason to refuse. */
  readonly suspicion: Suspicion | null
}

/** Every reason gets the same answer; operators learn more from events. */
export const rejected = refusal('passkey_rejected')

/** Judges what was found on the row as it is now. */
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
  // Of a copy that is behind, the count must not take the place of the one ahead.
  const counter = Math.max(key.counter, checked.counter)
  const used: Passkey = { ...key, counter, usedAt: now }
  const keys = part.keys.map((each) => (each === key ? used : each))
  const proof: PasskeyProof = { suspicion }
  return { status: 'right', part: withSpent(withKeys(part, keys), ceremony, now), proof }
}

/** Why a signed assertion is refused although nobody could have guessed it; `null` where it is not, for that reason. */
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

/** Copies of a synced key count each by themselves, so that their counter proves nothing. */
function isRefused(suspicion: Suspicion | null, { synced }: Passkey): boolean {
  return suspicion !== null && !(suspicion === 'counter' && synced)
}
