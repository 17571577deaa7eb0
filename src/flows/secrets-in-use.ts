/** Counts the uses of each secret, for a rotation. */

import { after } from '../core/state.js'
import type { FlowContext } from './context.js'
import { callStore } from './transition.js'

/** The uses of a secret. */
export interface SecretUse {
  /** The id of the secret in rows. */
  readonly id: string
  /** `missing`: rows need it, but it is not configured. */
  readonly role: 'issues' | 'verifies' | 'missing'
  /** Running challenges whose code was made with it. */
  readonly challenges: number
  /** Users with factors sealed under it. */
  readonly seals: number
}

/** Lists the configured secrets, the issuing one first, and the missing ones; `null` if the store cannot count. */
export async function secretsInUse(flow: FlowContext): Promise<readonly SecretUse[] | null> {
  const { store, policy, clock } = flow
  const { keyIds } = flow.keys()
  const since = new Date(after(clock(), -policy.graceSeconds))
  const counted = await callStore(flow, async () => (await store.secretsInUse?.(since)) ?? null)
  if (counted === null) return null
  const { challenges, seals } = counted
  const missing = Object.keys({ ...challenges, ...seals }).filter((id) => !keyIds.includes(id))
  return [...keyIds, ...missing.toSorted()].map((id, index) => ({
    id,
    role: index >= keyIds.length ? 'missing' : index === 0 ? 'issues' : 'verifies',
    challenges: challenges[id] ?? 0,
    seals: seals[id] ?? 0,
  }))
}
