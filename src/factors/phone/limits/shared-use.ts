/** The use of the limits that many people share, for the operators' page. */

import type { Instant } from '../../../core/state.js'
import type { CountSums } from '../../../ports/count-store.js'
import type { LimitUse } from '../../../ports/insight.js'
import { countryCodes } from '../countries.js'
import type { Limits } from './options.js'
import { millionths, type Rule, type Rules } from './resolve-rules.js'
import { windowsAt, type Cap } from './windows.js'

/** The most that the page shows. */
const shown = 12

/** A counter with its caps, and the unit that it is shown in. */
interface Counted {
  readonly option: string
  readonly counter: string
  readonly caps: readonly Cap[]
  readonly about: string
  readonly unit: string
  /** The number of the counter's units in one `unit`. */
  readonly scale: number
}

/** Reads the counters of the application, of its cost, and of each country that has a limit; the fullest first. */
export async function limitUse(
  { rules, counts }: Pick<Limits, 'rules' | 'counts'>,
  now: Instant,
): Promise<readonly LimitUse[]> {
  const counted = countersOf(rules).filter(({ caps }) => caps.length > 0)
  if (counted.length === 0) return []
  const sums = await counts.sums(
    counted.map(({ counter }) => counter),
    windowsAt(now),
  )
  return counted
    .flatMap((each) => each.caps.map((cap) => useOf(each, cap, sums.get(each.counter))))
    .toSorted((left, right) => right.used / right.limit - left.used / left.limit)
    .filter(({ used, option }) => used > 0 || option !== 'limits.rules.country')
    .slice(0, shown)
}

function useOf(
  { option, about, unit, scale }: Counted,
  { window, limit }: Cap,
  sums: CountSums | undefined,
): LimitUse {
  return { option, about, window, used: (sums?.[window] ?? 0) / scale, limit: limit / scale, unit }
}

function countersOf({ application, spend, country }: Rules): readonly Counted[] {
  const messages = (option: string, counter: string, about: string, caps: readonly Cap[]) => ({
    ...{ option: `limits.rules.${option}`, counter, about, caps, unit: 'messages', scale: 1 },
  })
  const cost = (counter: string, about: string, caps: readonly Cap[]) => ({
    ...messages('spend', counter, about, caps),
    ...{ unit: spend.currency ?? '', scale: millionths },
  })
  const inForce = (rule: Pick<Rule, 'action'>, caps: readonly Cap[]) =>
    rule.action === 'off' ? [] : caps
  return [
    messages('application', '~~', 'All messages', inForce(application, application.caps)),
    messages(
      'application',
      '~~n',
      'Messages to new phones',
      inForce(application, application.newCaps),
    ),
    cost('~$', 'Cost of all messages', inForce(spend, spend.caps)),
    cost('~$n', 'Cost of messages to new phones', inForce(spend, spend.newCaps)),
    ...countryCodes.map((code) =>
      messages(
        'country',
        `~c:${code}`,
        `Messages to ${code}`,
        inForce(country, country.capsOf(code)),
      ),
    ),
  ]
}
