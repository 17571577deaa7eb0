/** Forgets what is counted about one phone: the call `forgetPhone`. */

import { ConfigurationError, StoreUnavailableError } from '../../../core/errors.js'
import { isE164 } from '../rules/e164.js'
import type { BoundedCounts } from './bounded-counts.js'
import { phoneCounter } from './counters.js'
import { phoneReportCounters } from './failed-rule.js'
import type { Limits } from './options.js'

/**
 * The phone's own counters. Those that it shares with others, such as its prefix's, have no name of it and stay.
 *
 * @throws ConfigurationError for a phone that is not E.164, and for counts that cannot forget.
 */
export function ownCounters(limits: Limits, phone: string): readonly string[] {
  if (typeof phone !== 'string' || !isE164(phone)) {
    throw new ConfigurationError("forgetPhone takes a phone in E.164, such as '+237671234567'")
  }
  if (typeof limits.counts.forget !== 'function') {
    throw new ConfigurationError(
      'forgetPhone needs counts with the method forget; add it to your CountStore',
      'limits.counts',
    )
  }
  return [
    phoneCounter(limits, 'new', phone),
    phoneCounter(limits, 'known', phone),
    ...phoneReportCounters(limits, phone),
  ]
}

/**
 * Removes counters.
 *
 * @throws StoreUnavailableError if the counts do not answer.
 */
export async function forgetCounters(
  counts: Pick<BoundedCounts, 'ask'>,
  counters: readonly string[],
): Promise<void> {
  const isDone = await counts.ask(async (store) => {
    await store.forget?.(counters)
    return true
  })
  if (isDone === null) throw new StoreUnavailableError('the counts did not answer')
}
