/** `prune`: removes what says nothing any more. */

import type { Command } from '../command.js'
import { CommandLineError } from '../errors.js'

/** Ten minutes: how long a bucket of counts is. */
const bucketMilliseconds = 600_000

const units: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000 }

/** Removes rows and counts. */
export const prune: Command = {
  summary:
    'Removes rows that limit nobody any more and hold no factor, old counts, and old audit entries.',
  operands: [],
  options: {
    'older-than': { value: 'age', means: 'how long ago a row was last written: 30d unless given' },
  },
  needsConfig: true,
  async run({ values }, { store, counts, audit }) {
    const age = ageOf(values['older-than'] ?? '30d')
    if ([store, counts, audit].every((each) => each?.prune === undefined)) {
      throw new CommandLineError(
        'refused',
        'nothing to prune: give options, those of createSecondFactor, in the configuration. Redis lets rows expire itself',
      )
    }
    const now = Date.now()
    const states = (await store?.prune?.(new Date(now - age), new Date(now))) ?? 0
    const removed = await inBatches(() => counts?.prune?.(Math.floor(now / bucketMilliseconds)))
    // The log itself knows how long it keeps its entries.
    const entries = await inBatches(() => audit?.prune?.(new Date(now)))
    return {
      json: { states, counts: removed, entries },
      lines: [`removed ${states} rows, ${removed} counts and ${entries} audit entries`],
    }
  },
}

/** Removes in batches, so that no statement holds locks for long; returns how much. */
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
