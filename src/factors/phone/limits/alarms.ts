/** Alerts operators to limits that are nearly used up, once an hour for each. */

import type { Instant } from '../../../core/state.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import type { Budget } from './counters.js'
import { sumsOf, type Sums } from './findings.js'
import { millionths } from './resolve-rules.js'
import type { RuleName } from './rules.js'
import type { FoundUnusual } from './unverified-rule.js'

/** Limits that many people share. A used-up limit of one phone or account is no news to an operator. */
const watched: readonly RuleName[] = ['network', 'prefix', 'country', 'application', 'spend']

const hour = 3_600_000

/** The most alarms that are remembered, so that an attack on many prefixes cannot exhaust memory. */
const mostRemembered = 1_000

/** Emits alarms for operators. */
export interface Alarms {
  /** Checks the budgets of a message, counting the message itself. */
  watch(budgets: readonly Budget[], sums: Sums, now: Instant): void
  /** Emits alarms for counters with unusually many unverified messages. */
  tellUnusual(found: readonly FoundUnusual[], now: Instant): void
}

/** Creates the alarms. */
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

/**
 * Hides two digits of a prefix: with the last digits in `send_decided`, a whole prefix leaves only two digits to
 * guess.
 */
function shownAs(counter: string): string {
  return counter.startsWith('p:') ? `${counter.slice(0, -2)}••` : counter
}
