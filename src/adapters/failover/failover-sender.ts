/** Tries one sender after another, but only where the one before has certainly sent nothing. */

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

/** When a sender that keeps failing is left alone. */
export interface FailoverOptions {
  /**
   * Faults in a row after which a sender is left alone for a while, at least 1.
   *
   * @default 5
   */
  readonly breakAfterFaults?: number | undefined
  /**
   * Seconds a sender is left alone before one message tries it again, at least 1.
   *
   * @default 30
   */
  readonly breakSeconds?: number | undefined
}

/**
 * Makes one sender of several for the same channel. The next is asked only after an answer that
 * certainly sent nothing, and never after a block, an opt-out or a spent budget: those concern
 * the phone, and another vendor would only get around them. A message that may have gone out is not sent twice.
 * A sender that keeps failing is skipped for a while, so that a dead vendor costs no login its timeout; then one
 * message tries it, and the others skip it until that one is over. A sender has 14 s: a message that it has not
 * answered for by then may have gone out.
 *
 * @throws ConfigurationError for no senders, senders of different channels, or a value out of bounds.
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
    throw new ConfigurationError('failoverSender needs one or more senders, all of one channel')
  }
  if (!(Number.isInteger(breakAfterFaults) && breakAfterFaults >= 1 && breakSeconds >= 1)) {
    throw new ConfigurationError(
      'failoverSender: breakAfterFaults must be a whole number from 1, and breakSeconds at least 1',
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
  // A sender of codes alone is left out.
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

/** Good where every sender is: one that fails is missed when it is needed. */
async function checkAll(senders: readonly CodeSender[]): Promise<VendorCheck> {
  const checks = await Promise.all(senders.flatMap((sender) => sender.check?.() ?? []))
  if (checks.length === 0) return { ok: true, text: 'its senders have no check' }
  return { ok: checks.every(({ ok }) => ok), text: checks.map(({ text }) => text).join('; ') }
}

/** One of the senders with the message in hand, and what keeps it from being asked while it fails. */
interface Way {
  readonly breaker: CircuitBreakerPolicy
  readonly hand: () => Promise<SendResult> | undefined
}

async function sendThrough(
  breaker: CircuitBreakerPolicy,
  hand: Way['hand'],
  breakSeconds: number,
): Promise<SendResult> {
  // Another message is trying the sender. Waiting for it would cost this one the time to try the next sender.
  if (breaker.state === CircuitState.HalfOpen) return unavailableFor(breakSeconds)
  try {
    return await breaker.execute(() => handOver(hand))
  } catch (error) {
    if (isBrokenCircuitError(error)) return unavailableFor(breakSeconds)
    return { status: 'maybe_sent', reason: 'the sender threw' }
  }
}

/** The answer of a sender, or that there was none in time: a sender that never settles must stop no other message. */
async function handOver(hand: Way['hand']): Promise<SendResult> {
  const answer = await withinDeadline(longestTimeoutSeconds, hand)
  if (answer === timedOut) return { status: 'maybe_sent', reason: 'the sender did not answer' }
  return answer ?? { status: 'maybe_sent', reason: 'the sender answered nothing' }
}

/** Answers about the vendor rather than the phone. */
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
