/** Keeps an audit log in this process: for tests and demonstrations, gone with the process. */

import { firstAuditIdAt } from '../../core/audit-id.js'
import { keepMilliseconds } from '../../core/audit-retention.js'
import { assertKnownOptions } from '../../core/known-options.js'
import type { AuditEntry, AuditLog } from '../../ports/audit-log.js'

/** How long entries are kept. */
export interface MemoryAuditOptions {
  /**
   * Days that entries are kept, from 1 to 36,500; `prune` removes older ones.
   *
   * @default 400
   */
  readonly keepDays?: number | undefined
}

/**
 * Makes an audit log in memory. It is unknown to every other process, and gone with this one.
 *
 * @throws ConfigurationError where `keepDays` cannot be used.
 * @example
 * const secondFactor = createSecondFactor({ …, audit: memoryAudit() })
 */
export function memoryAudit(options: MemoryAuditOptions = {}): AuditLog {
  assertKnownOptions('memoryAudit', options, { keepDays: true })
  const keep = keepMilliseconds('memoryAudit', options)
  if (process.env['NODE_ENV'] === 'production') {
    process.emitWarning(
      'memoryAudit forgets who did what in a restart, and other processes know nothing of it; use sequelizeAudit',
      { code: 'SECOND_FACTOR_MEMORY_AUDIT' },
    )
  }
  const entries = new Map<string, AuditEntry>()
  return {
    append(added) {
      for (const entry of added) {
        // A copy, as any other log would keep.
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
