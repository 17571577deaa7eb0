/** A buffer for audit entries that no caller waits for. It writes them in batches, after a second at most. */

import type { AuditEntry, AuditLog } from '../../ports/audit-log.js'

/** Maximum time that an entry is buffered. */
const waitMilliseconds = 1_000

/** Entries per write. A buffer with this many is written at once. */
const batch = 200

/**
 * Maximum number of buffered entries while the log is down. Further ones are dropped, and their number is logged
 * later.
 */
const most = 2_000

/** The buffered entries. */
export interface AuditBuffer {
  /** Adds an entry. If an equal one is buffered, only counts it there, in `times`. */
  add(entry: AuditEntry): void
  /** Adds an outcome that could not be written at once. */
  settleLater(...note: Parameters<AuditLog['settle']>): void
  /** Tries to write everything. Never rejects. */
  flush(): Promise<void>
}

/** The dependencies of the buffer. Both writes have a timeout. */
export interface BufferContext {
  readonly append: (entries: readonly AuditEntry[]) => Promise<void>
  readonly settle: AuditLog['settle']
  /** Makes the entry for a number of dropped entries. */
  readonly lossOf: (count: number) => AuditEntry
}

/** Makes a buffer. */
export function auditBuffer({ append, settle, lossOf }: BufferContext): AuditBuffer {
  const waiting = new Map<string, AuditEntry>()
  const notes = new Map<string, Parameters<AuditLog['settle']>>()
  let lost = 0
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  // A write that has not started yet; it will include everything added until then.
  let next: Promise<void> | undefined
  const arm = () => {
    // Do not keep the process alive for it: `close` writes the rest.
    timer ??= setTimeout(() => void flush(), waitMilliseconds).unref()
  }
  const write = async () => {
    clearTimeout(timer)
    timer = undefined
    try {
      while (waiting.size > 0) {
        const entries = [...waiting].slice(0, batch)
        // Remove them first, so that an equal entry added during the write is not merged into one of them.
        for (const [key] of entries) waiting.delete(key)
        await append(entries.map(([, entry]) => entry)).catch((error: unknown) => {
          for (const [key, entry] of entries) {
            waiting.set(key, together(entry, waiting.get(key)))
          }
          throw error
        })
      }
      for (const [id, note] of notes) {
        await settle(...note)
        notes.delete(id)
      }
      if (lost > 0) {
        const count = lost
        await append([lossOf(count)])
        lost -= count
      }
    } catch {
      arm()
    }
  }
  // While the log hangs, callers share the next write: one for each would keep the last waiting for all before it.
  const flush = () => {
    next ??= writing = writing.then(() => {
      next = undefined
      return write()
    })
    return next
  }
  return {
    add(entry) {
      const { type, subject, details } = entry
      const key = JSON.stringify([type, subject, details])
      const same = waiting.get(key)
      if (same === undefined && waiting.size >= most) {
        lost += 1
        return
      }
      waiting.set(key, together(same ?? entry, same === undefined ? undefined : entry))
      arm()
      if (same === undefined && waiting.size === batch) void flush()
    },
    settleLater(...note) {
      if (notes.size < most) notes.set(note[0], note)
      arm()
    },
    flush,
  }
}

/** Merges two equal entries: keeps the earlier one and adds up `times`. */
function together(entry: AuditEntry, later: AuditEntry | undefined): AuditEntry {
  if (later === undefined) return entry
  const times = timesOf(entry) + timesOf(later)
  return { ...entry, details: { ...entry.details, times } }
}

function timesOf({ details: { times = 1 } }: AuditEntry): number {
  return Number(times)
}
