/** Events as lines of the application's log. */

import { ConfigurationError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import type { EventSink } from '../../ports/event-sink.js'
import { levelOf, levels, type Level } from './levels.js'

/** A logger with levels, such as those of pino and winston, or the console. */
export type Logger = Readonly<Record<Level, (entry: object) => unknown>>

/** The options of `logEvents`. */
export interface LogEventsOptions {
  /**
   * Further fields of each line, such as the id of the request that is being answered. It is called while the request
   * runs, so that an `AsyncLocalStorage` knows which. It must not name a field of events: those win.
   *
   * @default none
   */
  readonly context?: (() => object | undefined) | undefined
}

/**
 * Makes a sink that logs each event as one object with a `message`: faults as errors; locks, failed messages and limits as
 * warnings; passes and changes as info; the rest for debugging. Events hold no code, no secret and no whole phone.
 *
 * @throws ConfigurationError where the logger lacks a level.
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

/** A context that throws costs its fields, and not the line. */
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
