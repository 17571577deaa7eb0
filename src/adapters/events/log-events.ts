/** Writes events to the application's log. */

import { ConfigurationError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import type { EventSink } from '../../ports/event-sink.js'
import { levelOf, levels, type Level } from './levels.js'

/** A logger with levels, such as those of pino and winston, or the console. */
export type Logger = Readonly<Record<Level, (entry: object) => unknown>>

/** The options of `logEvents`. */
export interface LogEventsOptions {
  /**
   * Returns further fields for each line, such as the current request's id. It is called while the request runs, so an
   * `AsyncLocalStorage` works in it. A field of the event wins over one of the same name here.
   *
   * @default none
   */
  readonly context?: (() => object | undefined) | undefined
}

/**
 * Makes a sink that logs each event as one object with a `message`: faults as `error`; locks, failed messages and limits as
 * `warn`; passes and changes as `info`; the rest as `debug`. Events contain no code, no secret and no whole phone.
 *
 * @throws ConfigurationError if the logger lacks a method for a level.
 * @example
 * const secondFactor = createSecondFactor({ …, events: logEvents(pino()) })
 */
export function logEvents(logger: Logger, options: LogEventsOptions = {}): EventSink {
  assertKnownOptions('logEvents', options, { context: true })
  const lacking = levels.find((level) => typeof methodsOf(logger)[level] !== 'function')
  if (lacking !== undefined) {
    throw new ConfigurationError(
      `logEvents: the logger must have the methods ${levels.join(', ')}; it has no ${lacking}`,
      'events',
    )
  }
  return {
    emit(event) {
      const { message, ...facts }: Readonly<Record<string, unknown>> = { ...event }
      const sentence = [
        'second factor',
        event.type,
        ...(typeof message === 'string' ? [message] : []),
      ]
      const entry = {
        ...contextOf(options),
        ...facts,
        component: 'second-factor',
        message: sentence.join(': '),
      }
      return logger[levelOf({ ...facts, type: event.type })](entry)
    },
  }
}

/** If the context throws, the line is logged without its fields. */
function contextOf({ context }: LogEventsOptions): object {
  try {
    return context?.() ?? {}
  } catch {
    return {}
  }
}

function methodsOf(logger: unknown): Partial<Record<Level, unknown>> {
  return typeof logger === 'object' && logger !== null ? logger : {}
}
