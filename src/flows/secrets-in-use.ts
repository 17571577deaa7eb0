/** Which secrets are still needed, for whoever replaces one. */

import { after } from '../core/state.js'
import type { FlowContext } from './context.js'
import { callStore } from './transition.js'

/** What still needs a secret. */
export interface SecretUse {
  /** The id of the secret, as rows name it. */
  readonly id: string
  /** `missing`: rows need it, and it is not among the secrets in force. */
  readonly role: 'issues' | 'verifies' | 'missing'
  /** Codes made with it that may still be typed. */
  readonly challenges: number
  /** Users with factors that are sealed under it. */
  readonly seals: number
}

/** The secrets in force, the issuing one first, and those that are missed; `null` where the store cannot count. */
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
