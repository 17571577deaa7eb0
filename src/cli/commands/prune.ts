/** `prune`: removes what says nothing any more. */

import type { Command } from '../command.js'
import { CommandLineError } from '../errors.js'

/** Ten minutes: how long a bucket of counts is. */
const bucketMilliseconds = 600_000

const units: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000 }

/** Removes rows and counts. */
export const prune: Command = {
  summary: 'Removes rows that limit nobody any more and hold no factor, and old counts.',
  operands: [],
  options: {
    'older-than': { value: 'age', means: 'how long ago a row was last written: 30d unless given' },
  },
  needsConfig: true,
  async run({ values }, { store, counts }) {
    const age = ageOf(values['older-than'] ?? '30d')
    if (store?.prune === undefined && counts?.prune === undefined) {
      throw new CommandLineError(
        'refused',
        'nothing to prune: give store, and counts where you have limits, in the configuration. Redis lets rows expire itself',
      )
    }
    const now = Date.now()
    const states = (await store?.prune?.(new Date(now - age), new Date(now))) ?? 0
    let removed = 0
    // Counts go in batches, so that no statement holds locks for long.
    for (let batch = -1; batch !== 0; removed += batch) {
      batch = (await counts?.prune?.(Math.floor(now / bucketMilliseconds))) ?? 0
    }
    return {
      json: { states, counts: removed },
      lines: [`removed ${states} rows and ${removed} counts`],
    }
  },
}

function ageOf(text: string | boolean): number {
  const [, count = '', unit = ''] = /^(\d{1,5})([dh])$/.exec(String(text)) ?? []
  const age = Number(count) * (units[unit] ?? 0)
  if (age > 0) return age
  throw new CommandLineError('usage', '--older-than takes days or hours, such as 30d or 12h')
}
