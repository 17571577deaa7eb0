/** Combines several event sinks into one. */

import { ConfigurationError } from '../../core/errors.js'
import type { EventSink } from '../../ports/event-sink.js'

/**
 * Combines several sinks into one. A sink that fails takes no event from the others.
 *
 * @throws ConfigurationError if one of them is not a sink.
 * @example
 * const secondFactor = createSecondFactor({ …, events: allEvents(prometheusEvents({ client }), logEvents(logger)) })
 */
export function allEvents(...sinks: readonly EventSink[]): EventSink {
  if (!sinks.every(isSink)) {
    throw new ConfigurationError('allEvents: each argument must be { emit(event) { … } }', 'events')
  }
  return {
    // Calls the sink at once; the Promise constructor turns a throw into a rejection.
    emit: (event) =>
      Promise.allSettled(
        sinks.map(
          (sink) =>
            new Promise((settle) => {
              settle(sink.emit(event))
            }),
        ),
      ),
  }
}

function isSink(sink: unknown): boolean {
  return (
    typeof sink === 'object' && sink !== null && typeof Reflect.get(sink, 'emit') === 'function'
  )
}
