/** Metrics for Prometheus through prom-client: one metric per instrument. */

import { ConfigurationError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import type { EventSink } from '../../ports/event-sink.js'
import { attributesOf } from '../metrics/bounds.js'
import { instruments, type Instrument, type InstrumentKey } from '../metrics/instruments.js'
import { instrumentKeys, measuringSink, type MetricsOptions } from '../metrics/measuring-sink.js'

/** The definition of a metric for prom-client. */
export interface PrometheusInstrument<Registry> {
  readonly name: string
  readonly help: string
  labelNames: string[]
  registers: Registry[]
}

/** The part of prom-client in use. The module itself fits this type. */
export interface PrometheusClient<Registry> {
  /** The default registry. */
  readonly register: Registry
  readonly Counter: new (instrument: PrometheusInstrument<Registry>) => {
    inc(labels: Record<string, string>, value: number): void
  }
  readonly Histogram: new (instrument: PrometheusInstrument<Registry> & { buckets: number[] }) => {
    observe(labels: Record<string, string>, value: number): void
  }
}

/** The options of `prometheusEvents`. */
export interface PrometheusEventsOptions<Registry> extends MetricsOptions {
  /** The module `prom-client`. */
  readonly client: PrometheusClient<Registry>
  /**
   * The registry for the metrics.
   *
   * @default the client's own
   */
  readonly register?: Registry | undefined
}

type Recorder = (value: number, labels: Record<string, string>) => void

/**
 * Makes a sink that counts events with prom-client. Make one per registry.
 *
 * @throws ConfigurationError for an option that cannot be used.
 * @example
 * import * as client from 'prom-client'
 *
 * const secondFactor = createSecondFactor({ …, events: prometheusEvents({ client }) })
 */
export function prometheusEvents<Registry>(options: PrometheusEventsOptions<Registry>): EventSink {
  assertKnownOptions('prometheusEvents', options, { client: true, register: true, countries: true })
  const { client, countries }: { client: unknown; countries?: readonly string[] | undefined } =
    options
  if (!isClient(client)) {
    throw new ConfigurationError(
      "prometheusEvents: client must be prom-client: import * as client from 'prom-client'",
      'prometheusEvents.client',
    )
  }
  const recorders = new Map<InstrumentKey, Recorder>()
  const recorderOf = (key: InstrumentKey) => {
    const recorder = recorders.get(key) ?? createRecorder(options, key, countries)
    recorders.set(key, recorder)
    return recorder
  }
  // Check the options before registering anything, and register every metric before the first event.
  const sink = measuringSink('prometheusEvents', options, ({ instrument, value, attributes }) => {
    recorderOf(instrument)(value, labelled(attributes))
  })
  instrumentKeys.forEach(recorderOf)
  return sink
}

function createRecorder<Registry>(
  { client, register = client.register }: PrometheusEventsOptions<Registry>,
  key: InstrumentKey,
  countries: readonly string[] | undefined,
): Recorder {
  const { name, kind, description, bounds = [] }: Instrument = instruments[key]
  const base = name.replaceAll('.', '_')
  const told = {
    help: description,
    labelNames: attributesOf(key, countries).map(([attribute]) => labelOf(attribute)),
    registers: [register],
  }
  if (kind === 'counter') {
    const counter = new client.Counter({ ...told, name: `${base}_total` })
    return (value, labels) => {
      counter.inc(labels, value)
    }
  }
  const histogram = new client.Histogram({ ...told, name: `${base}_seconds`, buckets: [...bounds] })
  return (value, labels) => {
    histogram.observe(labels, value)
  }
}

function labelled(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [labelOf(name), value]),
  )
}

/** Replaces dots, which Prometheus does not allow in label names. */
function labelOf(attribute: string): string {
  return attribute.replaceAll('.', '_')
}

function isClient(client: unknown): boolean {
  return (
    typeof client === 'object' &&
    client !== null &&
    ['Counter', 'Histogram'].every((name) => typeof Reflect.get(client, name) === 'function')
  )
}
