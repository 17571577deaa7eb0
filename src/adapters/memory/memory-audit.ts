/** Keeps an audit log in this process's memory, for tests and demonstrations. */

import { firstAuditIdAt } from '../../core/audit-id.js'
import { keepMilliseconds } from '../../core/audit-retention.js'
import { assertKnownOptions } from '../../core/known-options.js'
import type { AuditEntry, AuditLog } from '../../ports/audit-log.js'

/** Options of `memoryAudit`. */
export interface MemoryAuditOptions {
  /**
   * Days that entries are kept, from 1 to 36,500; `prune` removes older ones.
   *
   * @default 400
   */
  readonly keepDays?: number | undefined
}

/**
 * Makes an audit log in memory. Other processes cannot see it, and a restart loses it.
 *
 * @throws ConfigurationError if `keepDays` cannot be used.
 * @example
 * const secondFactor = createSecondFactor({ …, audit: memoryAudit() })
 */
export function memoryAudit(options: MemoryAuditOptions = {}): AuditLog {
  assertKnownOptions('memoryAudit', options, { keepDays: true })
  const keep = keepMilliseconds('memoryAudit', options)
  if (process.env['NODE_ENV'] === 'production') {
    process.emitWarning(
      'memoryAudit loses its entries in a restart and is not shared between processes; use sequelizeAudit',
      { code: 'SECOND_FACTOR_MEMORY_AUDIT' },
    )
  }
  const entries = new Map<string, AuditEntry>()
  return {
    append(added) {
      for (const entry of added) {
        // A copy, because later changes to the original must not show up here.
        if (!entries.has(entry.id)) entries.set(entry.id, structuredClone(entry))
      }
      return Promise.resolve()
    },
    settle(id, outcome, details) {
      const entry = entries.get(id)
      if (entry?.outcome === 'started') {
        entries.set(id, { ...entry, outcome, details: structuredClone(details) })
      }
      return Promise.resolve()
    },
    read({ subject, limit, before }) {
      const found = [...entries.values()]
        .filter((entry) => entry.subject === subject && (before === null || entry.id < before))
        .toSorted((left, right) => (left.id < right.id ? 1 : -1))
      return Promise.resolve(structuredClone(found.slice(0, limit)))
    },
    prune(now) {
      const first = firstAuditIdAt(now.getTime() - keep)
      const old = [...entries.keys()].filter((id) => id < first)
      for (const id of old) entries.delete(id)
      return Promise.resolve(old.length)
    },
  }
}
