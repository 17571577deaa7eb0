/** The rule `failed`: phones and prefixes for which vendors report failed deliveries. */

import type { Instant } from '../../../core/state.js'
import type { Addition } from '../../../ports/count-store.js'
import type { Finding } from '../ports/send-guard.js'
import { phoneCounter, type PlannedSend, type SendFacts } from './counters.js'
import { sumsOf, type Sums } from './findings.js'
import type { Limits } from './options.js'
import { bucketOf } from './windows.js'

/** A phone with this many failures and no delivery is taken to receive no messages. */
const failuresOfPhone = 2

/** The fewest reports on a prefix to judge it by, and the share of failures that means an outage or an attack. */
const reportsOnPrefix = 10
const shareOfPrefix = 0.6

/** A report with the final outcome of a message. */
export interface FinalReport {
  readonly to: string
  readonly status: 'delivered' | 'failed'
}

/** The counters of reports to read for a message to a new phone; none if the rule is off. */
export function reportCounters(
  limits: Limits,
  { phoneClass, to }: Pick<PlannedSend, 'phoneClass' | 'to'>,
  facts: Pick<SendFacts, 'prefix'>,
): readonly string[] {
  if (limits.rules.failed.action === 'off' || phoneClass !== 'new') return []
  return namesOf(limits, to, facts).flatMap((name) => [`${name}|d`, `${name}|f`])
}

/**
 * The findings from reports on the phone in the last day, and on the prefix in the last hour. Prefixes are only
 * recorded.
 */
export function findFailed(
  limits: Limits,
  send: Pick<PlannedSend, 'phoneClass' | 'to'>,
  facts: Pick<SendFacts, 'prefix'>,
  sums: Sums,
): readonly Finding[] {
  const { action } = limits.rules.failed
  if (action === 'off' || send.phoneClass !== 'new') return []
  const [phone = '', prefix = ''] = namesOf(limits, send.to, facts)
  const of = (name: string, letter: 'd' | 'f') => sumsOf(sums, `${name}|${letter}`)
  const count = of(phone, 'f').day
  const [failed, delivered] = [of(prefix, 'f').hour, of(prefix, 'd').hour]
  const limit = Math.ceil(shareOfPrefix * (failed + delivered))
  const refuses = action === 'refuse' && limits.enforces
  const found: Finding[] = []
  if (count >= failuresOfPhone && of(phone, 'd').day === 0) {
    found.push({
      ...{ rule: 'failed', window: 'day', count, limit: failuresOfPhone },
      action: refuses ? 'refuse' : 'record',
    })
  }
  if (failed + delivered >= reportsOnPrefix && failed >= limit) {
    found.push({ rule: 'failed', window: 'hour', count: failed, limit, action: 'record' })
  }
  return found
}

/** The additions that count a report. */
export function reportAdditions(
  limits: Limits,
  { to, status }: FinalReport,
  facts: Pick<SendFacts, 'prefix'>,
  now: Instant,
): readonly Addition[] {
  if (limits.rules.failed.action === 'off') return []
  const letter = status === 'failed' ? 'f' : 'd'
  const bucket = bucketOf(now)
  return namesOf(limits, to, facts).map((name) => {
    return { counter: `${name}|${letter}`, bucket, units: 1, keepUntil: bucket + 156 }
  })
}

/** The counters of reports on a phone, including those from when it was new. */
export function phoneReportCounters(limits: Limits, to: string): readonly string[] {
  const name = phoneCounter(limits, 'new', to)
  return [`${name}|d`, `${name}|f`]
}

/** The names of the phone and its prefix, as in the counters of their own rules. */
function namesOf(
  limits: Limits,
  to: string,
  { prefix }: Pick<SendFacts, 'prefix'>,
): readonly string[] {
  return [phoneCounter(limits, 'new', to), `p:${prefix}`]
}
