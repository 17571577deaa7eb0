/** `prune`: removes rows, counts and entries that are no longer needed. */

import type { Command } from '../command.js'
import { CommandLineError } from '../errors.js'

/** Ten minutes, the length of a bucket of counts. */
const bucketMilliseconds = 600_000

const units: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000 }

/** Removes old rows, counts and audit entries. */
export const prune: Command = {
  summary:
    'Removes rows that no longer limit anybody and hold no factor, old counts, and old audit entries.',
  operands: [],
  options: {
    'older-than': {
      value: 'age',
      means: 'the least age of a row since its last write (default 30d)',
    },
  },
  needsConfig: true,
  async run({ values }, { store, counts, audit }) {
    const age = ageOf(values['older-than'] ?? '30d')
    if ([store, counts, audit].every((each) => each?.prune === undefined)) {
      throw new CommandLineError(
        'refused',
        'nothing to prune: give options in the configuration, those of createSecondFactor. In Redis, rows expire by themselves',
      )
    }
    const now = Date.now()
    const states = (await store?.prune?.(new Date(now - age), new Date(now))) ?? 0
    const removed = await inBatches(() => counts?.prune?.(Math.floor(now / bucketMilliseconds)))
    // The log itself has the option for how long to keep entries.
    const entries = await inBatches(() => audit?.prune?.(new Date(now)))
    return {
      json: { states, counts: removed, entries },
      lines: [`removed ${states} rows, ${removed} counts and ${entries} audit entries`],
    }
  },
}

/** Prunes in batches, because one large statement would hold its locks for long. Returns how many it removed. */
async function inBatches(prune: () => Promise<number> | undefined): Promise<number> {
  let removed = 0
  for (;;) {
    const batch = (await prune()) ?? 0
    if (batch === 0) return removed
    removed += batch
  }
}

function ageOf(text: string | boolean): number {
  const [, count = '', unit = ''] = /^(\d{1,5})([dh])$/.exec(String(text)) ?? []
  const age = Number(count) * (units[unit] ?? 0)
  if (age > 0) return age
  throw new CommandLineError('usage', '--older-than takes days or hours, such as 30d or 12h')
}
