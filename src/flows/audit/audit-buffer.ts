/** Audit entries that nobody waits for: they are written together, a second later at most. */

import type { AuditEntry, AuditLog } from '../../ports/audit-log.js'

/** How long an entry may wait. */
const waitMilliseconds = 1_000

/** So many are written at once, and without waiting any longer. */
const batch = 200

/** The most that wait while the log is down. What comes then is counted, and named once it is up again. */
const most = 2_000

/** Entries to be written. */
export interface AuditBuffer {
  /** Takes an entry. One that is the same but for its time as another that waits is counted with that one. */
  add(entry: AuditEntry): void
  /** Takes a note on an entry that could not be made at once. */
  settleLater(...note: Parameters<AuditLog['settle']>): void
  /** Writes what waits, as far as the log lets it. Never rejects. */
  flush(): Promise<void>
}

/** What the buffer works with. Both writes settle in time. */
export interface BufferContext {
  readonly append: (entries: readonly AuditEntry[]) => Promise<void>
  readonly settle: AuditLog['settle']
  /** The entry that says how many were lost. */
  readonly lossOf: (count: number) => AuditEntry
}

/** Makes a buffer. */
export function auditBuffer({ append, settle, lossOf }: BufferContext): AuditBuffer {
  const waiting = new Map<string, AuditEntry>()
  const notes = new Map<string, Parameters<AuditLog['settle']>>()
  let lost = 0
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  const arm = () => {
    // A process must not be kept alive for it; `close` writes what is left.
    timer ??= setTimeout(() => void flush(), waitMilliseconds).unref()
  }
  const write = async () => {
    clearTimeout(timer)
    timer = undefined
    try {
      while (waiting.size > 0) {
        const entries = [...waiting].slice(0, batch)
        // Taken out first: one that comes meanwhile must not be counted with one that is being written.
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
  const flush = () => (writing = writing.then(write))
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
      if (waiting.size === batch) void flush()
    },
    settleLater(...note) {
      if (notes.size < most) notes.set(note[0], note)
      arm()
    },
    flush,
  }
}

/** The earlier of two entries that are the same, with how many times it was. */
function together(entry: AuditEntry, later: AuditEntry | undefined): AuditEntry {
  if (later === undefined) return entry
  const times = timesOf(entry) + timesOf(later)
  return { ...entry, details: { ...entry.details, times } }
}

function timesOf({ details: { times = 1 } }: AuditEntry): number {
  return Number(times)
}
