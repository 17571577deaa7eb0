/** Tells operators of limits that are nearly used up, once an hour each. */

import type { Instant } from '../../../core/state.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import type { Budget } from './counters.js'
import { sumsOf, type Sums } from './findings.js'
import { millionths } from './resolve-rules.js'
import type { RuleName } from './rules.js'
import type { FoundUnusual } from './unverified-rule.js'

/** Limits that many people share. Those of one phone and one account are no news for an operator. */
const watched: readonly RuleName[] = ['network', 'prefix', 'country', 'application', 'spend']

const hour = 3_600_000

/** Alarms remembered at most, so that an attack on many prefixes takes no memory without end. */
const mostRemembered = 1_000

/** What an operator is alarmed by. */
export interface Alarms {
  /** Looks at the budgets of a message as the sums stand with it. */
  watch(budgets: readonly Budget[], sums: Sums, now: Instant): void
  /** Tells of counters with unusually many unverified messages. */
  tellUnusual(found: readonly FoundUnusual[], now: Instant): void
}

/** Makes the alarms. */
export function limitAlarms({ emit }: Pick<FactorTools, 'emit'>): Alarms {
  const told = new Map<string, number>()
  const isNews = (key: string, now: Instant) => {
    const at = Math.floor(now / hour)
    if (told.get(key) === at) return false
    told.delete(key)
    told.set(key, at)
    if (told.size > mostRemembered) told.delete(told.keys().next().value ?? '')
    return true
  }
  return {
    watch(budgets, sums, now) {
      for (const { rule, counter, caps, units } of budgets) {
        if (!watched.includes(rule)) continue
        for (const { window, limit } of caps) {
          const used = sumsOf(sums, counter)[window] + units
          const share = used >= limit ? 1 : used >= 0.8 * limit ? 0.8 : null
          if (share === null || !isNews(`${counter} ${window} ${share}`, now)) continue
          const shown = rule === 'spend' ? limit / millionths : limit
          emit({
            type: 'limit_reached',
            rule,
            counter: shownAs(counter),
            window,
            limit: shown,
            share,
          })
        }
      }
    },
    tellUnusual(found, now) {
      for (const { counter, finding } of found) {
        const { window, limit } = finding
        if (!isNews(`unverified ${counter} ${window}`, now)) continue
        const named = shownAs(counter)
        emit({ type: 'limit_reached', rule: 'unverified', counter: named, window, limit, share: 1 })
      }
    },
  }
}

/** The whole prefix and the end of a phone, which `send_decided` shows, would leave two digits to guess. */
function shownAs(counter: string): string {
  return counter.startsWith('p:') ? `${counter.slice(0, -2)}••` : counter
}
