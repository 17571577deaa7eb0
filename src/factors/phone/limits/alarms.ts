/** Tells operators of limits that are nearly used up, once an hour each. */

import type { Instant } from '../../../core/state.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import type { Budget } from './counters.js'
import { sumsOf, type Sums } from './findings.js'
import { millionths } from './resolve-rules.js'
import type { RuleName } from './rules.js'

/** Limits that many people share. Those of one phone and one account are no news for an operator. */
const watched: readonly RuleName[] = ['network', 'prefix', 'country', 'application', 'spend']

const hour = 3_600_000

/** Alarms remembered at most, so that an attack on many prefixes takes no memory without end. */
const mostRemembered = 1_000

/** Looks at the budgets of a message as the sums stand with it. */
export type Watch = (budgets: readonly Budget[], sums: Sums, now: Instant) => void

/** Makes the watch. */
export function limitAlarms({ emit }: Pick<FactorTools, 'emit'>): Watch {
  const told = new Map<string, number>()
  const isNews = (key: string, now: Instant) => {
    const at = Math.floor(now / hour)
    if (told.get(key) === at) return false
    told.delete(key)
    told.set(key, at)
    if (told.size > mostRemembered) told.delete(told.keys().next().value ?? '')
    return true
  }
  return (budgets, sums, now) => {
    for (const { rule, counter, caps, units } of budgets) {
      if (!watched.includes(rule)) continue
      for (const { window, limit } of caps) {
        const used = sumsOf(sums, counter)[window] + units
        const share = used >= limit ? 1 : used >= 0.8 * limit ? 0.8 : null
        if (share === null || !isNews(`${counter} ${window} ${share}`, now)) continue
        const shown = rule === 'spend' ? limit / millionths : limit
        const named = rule === 'prefix' ? maskPrefix(counter) : counter
        emit({ type: 'limit_reached', rule, counter: named, window, limit: shown, share })
      }
    }
  }
}

/** The whole prefix and the end of a phone, which `send_decided` shows, would leave two digits to guess. */
function maskPrefix(counter: string): string {
  return `${counter.slice(0, -2)}••`
}
