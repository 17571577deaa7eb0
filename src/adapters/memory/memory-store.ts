/** Keeps the state in this process's memory, for tests and demonstrations. */

import type { SubjectState } from '../../core/state.js'
import type { StateStore } from '../../ports/state-store.js'

/**
 * Makes a store in memory. It is exact within one process and not shared: with several processes, each would grant its
 * own budget of failures.
 *
 * @example
 * const secondFactor = createSecondFactor({ secret, store: memoryStore(), sender, users })
 */
export function memoryStore(): StateStore {
  if (process.env['NODE_ENV'] === 'production') {
    process.emitWarning(
      'memoryStore loses every lock in a restart and is not shared between processes; use sequelizeStore or redisStore',
      { code: 'SECOND_FACTOR_MEMORY_STORE' },
    )
  }
  const rows = new Map<string, SubjectState>()
  return {
    mayForget: true,
    read(subject) {
      return Promise.resolve(rows.get(subject) ?? null)
    },
    compareAndSwap(subject, expectedVersion, next) {
      const held = (rows.get(subject)?.version ?? null) === expectedVersion
      if (held) rows.set(subject, next)
      return Promise.resolve(held)
    },
    delete(subject) {
      rows.delete(subject)
      return Promise.resolve()
    },
    prune(before, now = new Date()) {
      let removed = 0
      for (const [subject, { keepUntil, updatedAt }] of rows) {
        const isOver = keepUntil !== null && keepUntil <= now.getTime()
        if (updatedAt < before.getTime() && isOver) {
          rows.delete(subject)
          removed += 1
        }
      }
      return Promise.resolve(removed)
    },
  }
}
