/** The sink that hands measurements to whichever system keeps them. */

import { ConfigurationError } from '../../core/errors.js'
import type { EventSink } from '../../ports/event-sink.js'
import { attributesOf, createBounds, type Attributes } from './bounds.js'
import { instruments, type Domain, type Instrument, type InstrumentKey } from './instruments.js'
import { createMeasure, type Measurement } from './measure.js'

/** What every sink of metrics takes. */
export interface MetricsOptions {
  /**
   * ISO 3166 codes of the countries that get series of their own, such as `['CM', 'US']`; all others are `other`. Known
   * where `limits` is set.
   *
   * @default no series has a country
   */
  readonly countries?: readonly string[] | undefined
}

/** Every key of the table of instruments. */
export const instrumentKeys = Object.keys(instruments) as readonly InstrumentKey[]

/** Makes the sink; `record` gets each measurement. */
export function measuringSink(
  owner: string,
  { countries }: MetricsOptions,
  record: (measurement: Measurement) => void,
): EventSink {
  const isList =
    countries === undefined ||
    (Array.isArray(countries) && countries.every((each) => /^[A-Z]{2}$/.test(String(each))))
  if (!isList) {
    throw new ConfigurationError(
      `${owner}: countries must be a list of ISO 3166 codes, such as ['CM', 'US']`,
      `${owner}.countries`,
    )
  }
  const measure = createMeasure(countries)
  for (const zero of zeroes(countries)) record(zero)
  return {
    emit(event) {
      for (const measurement of measure(event)) record(measurement)
    },
  }
}

/** A zero for each series of the instruments that start with one. */
function zeroes(countries: readonly string[] | undefined): readonly Measurement[] {
  const bounded = createBounds(countries)
  return instrumentKeys.flatMap((instrument) => {
    const { startsAtZero }: Instrument = instruments[instrument]
    if (startsAtZero !== true) return []
    // Those instruments have attributes of closed lists alone: a series for each combination.
    const series = attributesOf(instrument, countries).reduce<readonly Attributes[]>(
      (begun, [name, domain]) =>
        begun.flatMap((each) => listOf(domain).map((value) => ({ ...each, [name]: value }))),
      [{}],
    )
    return series.map((each) => ({
      ...{ instrument, value: 0 },
      attributes: bounded(instrument, each),
    }))
  })
}

function listOf(domain: Domain): readonly string[] {
  return typeof domain === 'string' ? [] : domain
}
