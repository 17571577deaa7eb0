/** Finds the grant that a session claims, in the store or, if wanted, for a few seconds in memory. */

import { findGrant, isActive } from '../core/grant.js'
import type { Grant, Instant } from '../core/state.js'
import type { FlowContext } from './context.js'
import { readState } from './transition.js'

/** Entries kept at most; the oldest goes first. */
const maxCached = 10_000

/** Reads grants. */
export interface GrantReader {
  /** The living grant with this id of this user, or `null`. One read by primary key, unless cached. */
  find(subject: string, grantId: string): Promise<Grant | null>
  /** Forgets what is cached of a user; called whenever this process ends or replaces a grant. */
  forget(subject: string): void
}

/** Makes a reader whose answers hold for `cacheSeconds` within this process; 0 reads each time. */
export function grantReader(context: FlowContext, cacheSeconds: number): GrantReader {
  const cache = new Map<string, { grants: Map<string, Grant>; until: Instant }>()
  // Rises with each `forget`, so that a read that was under way by then is not kept.
  let forgotten = 0
  return {
    async find(subject, grantId) {
      const now = context.clock()
      const cached = cache.get(subject)
      const left = (cached?.until ?? now) - now
      if (cached !== undefined && left > 0 && left <= cacheSeconds * 1000) {
        const grant = cached.grants.get(grantId)
        if (grant !== undefined) return isActive(grant, now) ? grant : null
      }
      const asOf = forgotten
      const state = await readState(context, subject)
      const grant = findGrant(state, grantId, context.clock())
      if (cacheSeconds > 0 && state !== null && asOf === forgotten) {
        const grants = new Map(state.grants.map((each) => [each.id, each]))
        cache.delete(subject)
        cache.set(subject, { grants, until: now + cacheSeconds * 1000 })
        if (cache.size > maxCached) cache.delete(cache.keys().next().value ?? '')
      }
      return grant
    },
    forget(subject) {
      forgotten += 1
      cache.delete(subject)
    },
  }
}
