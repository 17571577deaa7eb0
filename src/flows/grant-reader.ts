/** Finds a session's grant in the store, or in a cache for a few seconds if configured. */

import { findGrant, isActive } from '../core/grant.js'
import type { Grant, Instant } from '../core/state.js'
import type { FlowContext } from './context.js'
import { readState } from './transition.js'

/** Cached users. Beyond this the oldest is dropped. */
const maxCached = 10_000

/** Reads grants from the store or the cache. */
export interface GrantReader {
  /** Returns the user's active grant with this id, or `null`. One read by primary key, unless cached. */
  find(subject: string, grantId: string): Promise<Grant | null>
  /** Drops a user's grants from the cache. Called whenever this process ends or replaces a grant. */
  forget(subject: string): void
}

/** Makes a reader that caches grants in this process for `cacheSeconds`. With 0 it always reads the store. */
export function grantReader(context: FlowContext, cacheSeconds: number): GrantReader {
  const cache = new Map<string, { grants: Map<string, Grant>; until: Instant }>()
  // Incremented by `forget`, so that a read that started before is not cached.
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
