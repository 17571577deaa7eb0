/** Several sinks of events in place of one. */

import { ConfigurationError } from '../../core/errors.js'
import type { EventSink } from '../../ports/event-sink.js'

/**
 * Makes one sink of several. None hears less because another one fails.
 *
 * @throws ConfigurationError where one of them is no sink.
 * @example
 * const secondFactor = createSecondFactor({ …, events: allEvents(prometheusEvents({ client }), logEvents(logger)) })
 */
export function allEvents(...sinks: readonly EventSink[]): EventSink {
  if (!sinks.every(isSink)) {
    throw new ConfigurationError('allEvents: each argument must be { emit(event) { … } }', 'events')
  }
  return {
    // Each is called at once; what it throws becomes a rejection.
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
