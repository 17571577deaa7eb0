/** The overview: the numbers, the limits, what the second factor depends on, and what needs somebody. */

import { withDeadline } from '../flows/deadline.js'
import type { CountStore } from '../ports/count-store.js'
import type { Health } from '../ports/health.js'
import type { FactorInsight, LimitUse } from '../ports/insight.js'
import { rangeOf, tallyOf, type Span, type Tally } from './buckets.js'
import {
  countersOfPage,
  figuresByCountry,
  figuresBySlot,
  figuresIn,
  settledCountries,
  type CountryFigures,
  type Figures,
  type SlotFigures,
} from './figures.js'
import { needsOf, type Need } from './needs.js'

/** Counts that do not answer in time must not keep an operator from the rest of the page. */
const timeoutSeconds = 5

/** What the page of operators shows first. */
export interface Overview {
  readonly at: Date
  readonly span: Span
  readonly needs: readonly Need[]
  /** Whether there are counts, and they answer. */
  readonly counts: 'ok' | 'none' | 'unavailable'
  /** `null` without counts. */
  readonly numbers: {
    readonly lastHour: Figures
    readonly whole: Figures
    readonly slots: readonly SlotFigures[]
    readonly countries: readonly CountryFigures[]
  } | null
  /** Limits that many people share; `null` where they are not known. */
  readonly limits: readonly LimitUse[] | null
  readonly health: Health
}

/** What an overview is made of. */
export interface OverviewSources {
  readonly counts: Pick<CountStore, 'series'> | null
  readonly insights: readonly FactorInsight[]
  readonly health: () => Promise<Health>
  readonly clock: () => number
}

/** Reads everything at once. No fault of the counts rejects: it is shown. */
export async function overviewOf(
  { counts, insights, health: readHealth, clock }: OverviewSources,
  span: Span,
): Promise<Overview> {
  const now = clock()
  const countries = [...new Set(insights.flatMap((insight) => insight.countries))]
  const [tally, limits, health] = await Promise.all([
    counts === null ? null : inTime(readTally(counts, countries, span, now)),
    inTime(Promise.all(insights.map((insight) => insight.limits()))),
    readHealth(),
  ])
  const range = rangeOf(span, now)
  const lastHour = tally === null ? null : figuresIn(tally, rangeOf('hour', now))
  const answer = counts === null ? 'none' : tally === null ? 'unavailable' : 'ok'
  const uses = limits?.flat() ?? []
  const settled = tally === null ? [] : settledCountries(tally, countries, now)
  return {
    ...{ at: new Date(now), span, counts: answer, health },
    limits: limits === null ? null : uses,
    needs: needsOf({ lastHour, settled, limits: uses, health, counts: answer }),
    numbers:
      tally === null || lastHour === null
        ? null
        : {
            lastHour,
            whole: figuresIn(tally, range),
            slots: figuresBySlot(tally, span, now),
            countries: figuresByCountry(tally, countries, range),
          },
  }
}

async function readTally(
  counts: Pick<CountStore, 'series'>,
  countries: readonly string[],
  span: Span,
  now: number,
): Promise<Tally> {
  const { first } = rangeOf(span, now)
  return tallyOf(await counts.series(countersOfPage(countries), first))
}

async function inTime<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await withDeadline(work, timeoutSeconds, () => new Error('late'))
  } catch {
    return null
  }
}
