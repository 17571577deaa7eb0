/** The fullest of the limits that many people share, for the operators' page. */

import type { Instant } from '../../../core/state.js'
import type { LimitUse } from '../../../ports/insight.js'
import type { UsedLimit } from '../../../ports/limit-usage.js'
import { countryCodes } from '../countries.js'
import type { BoundedCounts } from './bounded-counts.js'
import type { Rules } from './resolve-rules.js'
import { usedLimits } from './usage.js'

/** The most that the page shows. */
const shown = 12

/** The subjects of the counters; the others are those of countries. */
const subjects: Readonly<Partial<Record<string, string>>> = {
  '~~': 'All messages',
  '~~n': 'Messages to new phones',
  '~$': 'Cost of all messages',
  '~$n': 'Cost of messages to new phones',
}

/**
 * Reads the use of the limits, the fullest first. Countries without a message are left out.
 *
 * @throws StoreUnavailableError if the counts do not answer.
 */
export async function limitUse(
  rules: Rules,
  counts: Pick<BoundedCounts, 'ask'>,
  now: Instant,
): Promise<readonly LimitUse[]> {
  const countries = countryCodes.filter((code) => rules.country.capsOf(code).length > 0)
  const limits = await usedLimits(rules, counts, now, { countries })
  return limits
    .filter(({ rule, used }) => used > 0 || rule !== 'country')
    .toSorted((left, right) => right.used / right.limit - left.used / left.limit)
    .slice(0, shown)
    .map(useOf)
}

function useOf({ rule, counter, window, used, limit, currency }: UsedLimit): LimitUse {
  return {
    option: `limits.rules.${rule}`,
    about: subjects[counter] ?? `Messages to ${counter.replace('~c:', '')}`,
    ...{ window, used, limit, unit: currency ?? 'messages' },
  }
}
