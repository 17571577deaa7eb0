/** The event sink that passes measurements to a metrics system. */

import { ConfigurationError } from '../../core/errors.js'
import type { EventSink } from '../../ports/event-sink.js'
import { attributesOf, createBounds, type Attributes } from './bounds.js'
import { instruments, type Domain, type Instrument, type InstrumentKey } from './instruments.js'
import { createMeasure, type Measurement } from './measure.js'

/** The options that every metrics sink takes. */
export interface MetricsOptions {
  /**
   * ISO 3166 codes of the countries that get their own series, such as `['CM', 'US']`; all others are `other`. The country
   * is known only if `limits` is set.
   *
   * @default no series by country
   */
  readonly countries?: readonly string[] | undefined
}

/** The keys of all instruments. */
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

/** A zero for every series of the instruments that start at zero. */
function zeroes(countries: readonly string[] | undefined): readonly Measurement[] {
  const bounded = createBounds(countries)
  return instrumentKeys.flatMap((instrument) => {
    const { startsAtZero }: Instrument = instruments[instrument]
    if (startsAtZero !== true) return []
    // All attributes of these instruments are closed lists, so there is one series per combination.
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
