/** Tries one sender after another, but only if the one before has certainly sent nothing. */

import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleAll,
  isBrokenCircuitError,
  type CircuitBreakerPolicy,
} from 'cockatiel'

import { ConfigurationError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import type { CodeSender, SendResult, VendorCheck } from '../../factors/phone/ports/code-sender.js'
import { longestTimeoutSeconds, timedOut, withinDeadline } from '../http/deadline.js'

/** The limits after which a failing sender is skipped. */
export interface FailoverOptions {
  /**
   * Faults in a row after which a sender is skipped for a while, at least 1.
   *
   * @default 5
   */
  readonly breakAfterFaults?: number | undefined
  /**
   * Seconds that a sender is skipped before one message tries it again, at least 1.
   *
   * @default 30
   */
  readonly breakSeconds?: number | undefined
}

/**
 * Combines several senders of one channel into one. The next sender is tried only if the one before certainly sent
 * nothing, and never after a block, an opt-out or a spent budget: those concern the phone, and another vendor would only
 * get around them. A message that may have gone out is not sent twice.
 *
 * A sender that keeps failing is skipped for a while, which spares logins the timeout of a dead vendor. After that, one
 * message tries it while the others still skip it. A sender has 14 s; if it has not answered by then, its message counts
 * as possibly sent.
 *
 * @throws ConfigurationError for no senders, senders of different channels, or a value out of range.
 * @example
 * const sender = failoverSender([twilioSender({ … }), textbeeSender({ … })])
 */
export function failoverSender(
  senders: readonly CodeSender[],
  options: FailoverOptions = {},
): CodeSender {
  assertKnownOptions('failoverSender', options, { breakAfterFaults: true, breakSeconds: true })
  const { breakAfterFaults = 5, breakSeconds = 30 } = options
  const [first] = senders
  if (first === undefined || senders.some(({ channel }) => channel !== first.channel)) {
    throw new ConfigurationError('failoverSender needs one or more senders, all for one channel')
  }
  if (!(Number.isInteger(breakAfterFaults) && breakAfterFaults >= 1 && breakSeconds >= 1)) {
    throw new ConfigurationError(
      'failoverSender: breakAfterFaults must be a whole number of 1 or more, and breakSeconds 1 or more',
    )
  }
  const guarded = senders.map((sender) => ({
    sender,
    breaker: circuitBreaker(handleAll.orWhenResult(isVendorFault), {
      halfOpenAfter: breakSeconds * 1000,
      breaker: new ConsecutiveBreaker(breakAfterFaults),
    }),
  }))
  const tryEach = async (ways: readonly Way[]) => {
    let result: SendResult = unavailableFor(breakSeconds)
    for (const { hand, breaker } of ways) {
      result = await sendThrough(breaker, hand, breakSeconds)
      if (!mayTryNext(result)) return result
    }
    return result
  }
  // Senders that only send codes are left out.
  const notifiers = guarded.filter(({ sender }) => sender.notify !== undefined)
  return {
    channel: first.channel,
    check: () => checkAll(senders),
    send: (message) =>
      tryEach(
        guarded.map(({ sender, breaker }) => ({ breaker, hand: () => sender.send(message) })),
      ),
    notify:
      notifiers.length === 0
        ? undefined
        : (notice) =>
            tryEach(
              notifiers.map(({ sender, breaker }) => ({
                breaker,
                hand: () => sender.notify?.(notice),
              })),
            ),
  }
}

/** Passes only if every sender does: a broken one would be missed when it is needed. */
async function checkAll(senders: readonly CodeSender[]): Promise<VendorCheck> {
  const checks = await Promise.all(senders.flatMap((sender) => sender.check?.() ?? []))
  if (checks.length === 0) return { ok: true, text: 'its senders have no check' }
  return { ok: checks.every(({ ok }) => ok), text: checks.map(({ text }) => text).join('; ') }
}

/** Hands one message to one of the senders, through its circuit breaker. */
interface Way {
  readonly breaker: CircuitBreakerPolicy
  readonly hand: () => Promise<SendResult> | undefined
}

async function sendThrough(
  breaker: CircuitBreakerPolicy,
  hand: Way['hand'],
  breakSeconds: number,
): Promise<SendResult> {
  // Another message is trying this sender. Waiting for it would leave no time for the next sender.
  if (breaker.state === CircuitState.HalfOpen) return unavailableFor(breakSeconds)
  try {
    return await breaker.execute(() => handOver(hand))
  } catch (error) {
    if (isBrokenCircuitError(error)) return unavailableFor(breakSeconds)
    return { status: 'maybe_sent', reason: 'the sender threw' }
  }
}

/** Waits for a sender, but not for ever: one that never settles must not hold up other messages. */
async function handOver(hand: Way['hand']): Promise<SendResult> {
  const answer = await withinDeadline(longestTimeoutSeconds, hand)
  if (answer === timedOut) return { status: 'maybe_sent', reason: 'the sender did not answer' }
  return answer ?? { status: 'maybe_sent', reason: 'the sender answered nothing' }
}

/** True if the result says something about the vendor rather than the phone. */
function isVendorFault(answer: unknown): boolean {
  const { status, reason } = answer as { status?: unknown; reason?: unknown }
  return (
    status === 'maybe_sent' ||
    status === 'operator_fault' ||
    (status === 'rejected' && reason === 'unavailable')
  )
}

function mayTryNext(result: SendResult): boolean {
  if (result.status === 'operator_fault') return true
  return (
    result.status === 'rejected' &&
    (result.reason === 'unavailable' || result.reason === 'destination_invalid')
  )
}

function unavailableFor(retryAfterSeconds: number): SendResult {
  return { status: 'rejected', reason: 'unavailable', retryAfterSeconds }
}
