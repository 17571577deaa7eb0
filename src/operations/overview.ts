/** Builds the overview: the numbers, the limits, the health of dependencies, and what needs an operator. */

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

/** The overview, as the page and the JSON show it. */
export interface Overview {
  readonly at: Date
  readonly span: Span
  readonly needs: readonly Need[]
  /** The state of the counts. */
  readonly counts: 'ok' | 'none' | 'unavailable'
  /** `null` if the counts are missing or do not answer. */
  readonly numbers: {
    readonly lastHour: Figures
    readonly whole: Figures
    readonly slots: readonly SlotFigures[]
    readonly countries: readonly CountryFigures[]
  } | null
  /** Limits shared by many people; `null` if their counts do not answer. */
  readonly limits: readonly LimitUse[] | null
  readonly health: Health
}

/** The sources of an overview. */
export interface OverviewSources {
  readonly counts: Pick<CountStore, 'series'> | null
  readonly insights: readonly FactorInsight[]
  readonly health: () => Promise<Health>
  readonly clock: () => number
}

/** Reads everything in parallel. Faults of the counts do not reject: the overview shows them. */
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
