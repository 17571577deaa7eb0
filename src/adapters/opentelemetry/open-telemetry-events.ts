/** Metrics through OpenTelemetry's API. */

import { metrics, type Attributes, type Meter } from '@opentelemetry/api'

import { assertKnownOptions } from '../../core/known-options.js'
import type { EventSink } from '../../ports/event-sink.js'
import { instruments, type Instrument, type InstrumentKey } from '../metrics/instruments.js'
import { instrumentKeys, measuringSink, type MetricsOptions } from '../metrics/measuring-sink.js'

/** The options of `openTelemetryEvents`. */
export interface OpenTelemetryEventsOptions extends MetricsOptions {
  /**
   * The meter that makes the instruments.
   *
   * @default the meter `passport-second-factor` of the global provider
   */
  readonly meter?: Meter | undefined
}

type Recorder = (value: number, attributes: Attributes) => void

/**
 * Makes a sink that counts events with OpenTelemetry. Without the SDK it does nothing. Set the SDK up first, because
 * instruments made before that are never read.
 *
 * @throws ConfigurationError for an option that cannot be used.
 * @example
 * const secondFactor = createSecondFactor({ …, events: openTelemetryEvents({ countries: ['CM', 'US'] }) })
 */
export function openTelemetryEvents(options: OpenTelemetryEventsOptions = {}): EventSink {
  assertKnownOptions('openTelemetryEvents', options, { meter: true, countries: true })
  const meter = options.meter ?? metrics.getMeter('passport-second-factor')
  const recorders = new Map(instrumentKeys.map((key) => [key, recorderOf(meter, key)]))
  return measuringSink('openTelemetryEvents', options, ({ instrument, value, attributes }) => {
    recorders.get(instrument)?.(value, named(attributes))
  })
}

function recorderOf(meter: Meter, key: InstrumentKey): Recorder {
  const { name, kind, unit, description, bounds }: Instrument = instruments[key]
  if (kind === 'counter') {
    const counter = meter.createCounter(name, { unit, description })
    return (value, attributes) => {
      counter.add(value, attributes)
    }
  }
  const advice = bounds === undefined ? {} : { explicitBucketBoundaries: [...bounds] }
  const histogram = meter.createHistogram(name, { unit, description, advice })
  return (value, attributes) => {
    histogram.record(value, attributes)
  }
}

/** Prefixes attributes with this package's namespace, except those that OpenTelemetry defines. */
function named(attributes: Readonly<Record<string, string>>): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name === 'error.type' ? name : `second_factor.${name}`,
      value,
    ]),
  )
}
