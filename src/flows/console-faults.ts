/** The default event sink: faults on the console. */

import type { EventSink, SecondFactorEvent } from '../ports/event-sink.js'

/** Minimum time between two equal lines. */
const quietMilliseconds = 60_000

/** Lines to remember. Beyond this the oldest is dropped. */
const maxLines = 100

/** Makes a sink that prints faults and operators' mistakes, each at most once a minute, and nothing else. */
export function faultsToConsole(): EventSink {
  const printedAt = new Map<string, number>()
  return {
    emit(event) {
      const line = lineOf(event)
      const now = event.at.getTime()
      if (line === null || Math.abs(now - (printedAt.get(line) ?? -Infinity)) < quietMilliseconds) {
        return
      }
      printedAt.delete(line)
      printedAt.set(line, now)
      if (printedAt.size > maxLines) printedAt.delete(printedAt.keys().next().value ?? '')
      console.error(`[second factor] ${line}`)
    },
  }
}

/** Formats an event without its user; `null` if it needs no attention. */
function lineOf(event: SecondFactorEvent): string | null {
  // A string, because this file does not know the factors' own events.
  const type: string = event.type
  if (event.type === 'fault') return `${event.code}: ${event.message}`
  if (event.type === 'set_up_mistake') return event.message
  if (event.type === 'clock_skew') {
    return `clock_skew: this server's clock is ${event.secondsAhead} s behind another's; synchronise them, such as by NTP`
  }
  if (event.type === 'factors_lost') {
    return (
      'factors_lost: users.hasFactors is true for a user whose factors the store has lost; restore its rows, or call ' +
      'resetFactors for the users who are locked out'
    )
  }
  if (type === 'factor_unreadable') {
    const key = 'keyId' in event ? event.keyId : ''
    return `factor_unreadable: the secret with the id ${key} is missing from the option secret; add it back behind the new one`
  }
  const isFailure = event.type.endsWith('_failed') && 'reason' in event
  const isOperators = !('outcome' in event) || event.outcome === 'operator_fault'
  if (!isFailure || !isOperators) return null
  return `${event.type}: ${String(event.reason)}; check the sender or the verifier, its credentials and its account`
}
