/** Delivers a challenge's code. A sender carries our own codes; a verifier's vendor makes and sends its own. */

import { ConfigurationError } from '../../core/errors.js'
import type { KeyRing } from '../../core/keys.js'
import { Sensitive } from '../../core/sensitive.js'
import type { Instant } from '../../core/state.js'
import type { FactorChangeName } from '../../texts/phone-messages.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import type { ComposeMessage } from './message/message.js'
import type { CodeSender, SendResult } from './ports/code-sender.js'
import type { HostedVerifier } from './ports/hosted-verifier.js'
import { deriveCode } from './rules/code.js'
import { channels, type Challenge, type Channel } from './rules/part.js'
import { maxRefLength } from './rules/receipt.js'

/** Senders should have a shorter timeout of their own; this one covers those without. */
const sendTimeoutSeconds = 15

/** Short, because a vendor that is slow to cancel must not delay a login. */
const cancelTimeoutSeconds = 5

const noNotice: SendResult = { status: 'operator_fault', reason: 'no sender of notices' }

/** Facts about the request that the challenge does not hold. */
export interface DeliveryRequest {
  readonly subject: string
  readonly locale: string | null
  readonly clientIp: string | null
  /** True if the phone is known to be the user's. */
  readonly isVerified: boolean
  readonly now: Instant
}

export interface Delivery {
  /** The channels that can carry codes, the default first. */
  readonly channels: readonly Channel[]
  /** The languages that messages can be written in; empty if the vendor writes them. */
  readonly locales: readonly string[]
  /** The owner of new codes. */
  readonly newCode: Challenge['code']
  /** Returns true if the challenge's code can still be sent again. */
  canResend(subject: string, challenge: Challenge): boolean
  /** Sends the code. For a vendor's own code, `reference` is the id of its verification. */
  deliver(challenge: Challenge, request: DeliveryRequest): Promise<SendResult>
  /** True if a sender can send messages without a code. */
  readonly canNotify: boolean
  /** Notifies a phone that one with these last digits has replaced it. */
  notifyReplaced(to: string, lastDigits: string, locale: string | null): Promise<SendResult>
  /** Notifies a phone that another factor of its owner has changed. */
  notifyChanged(to: string, change: FactorChangeName, locale: string | null): Promise<SendResult>
  /** Ends a challenge at the vendor, if the vendor knows it. */
  cancel(challenge: Challenge): Promise<void>
}

/**
 * Delivers our own codes through the sender for the challenge's channel.
 *
 * @throws ConfigurationError for a channel that does not exist.
 */
export function localDelivery(
  senders: readonly CodeSender[],
  keys: KeyRing,
  compose: ComposeMessage,
  codeLength: number,
): Delivery {
  const notifier = senders.find(({ notify }) => notify !== undefined)
  const senderOf = ({ channel }: Challenge) => senders.find((sender) => sender.channel === channel)
  return {
    channels: checkedChannels(
      'sender.channel',
      senders.map(({ channel }) => channel),
    ),
    locales: compose.locales,
    newCode: { owner: 'local', keyId: keys.issuingKeyId },
    // If the secret has left the ring or the sender is gone, a new challenge has to replace this one.
    canResend: (subject, challenge) =>
      deriveCode(keys, subject, challenge, codeLength) !== null &&
      senderOf(challenge) !== undefined,
    async deliver(challenge, { subject, locale, now }) {
      const sender = senderOf(challenge)
      const code = deriveCode(keys, subject, challenge, codeLength)
      if (code === null) return { status: 'operator_fault', reason: 'secret no longer configured' }
      if (sender === undefined) return { status: 'operator_fault', reason: 'no sender of channel' }
      const validForSeconds = Math.max(1, Math.floor((challenge.expiresAt - now) / 1000))
      const text = composed(compose, code, validForSeconds, locale)
      if (text === null) return { status: 'operator_fault', reason: 'message.template threw' }
      return sender.send({
        to: challenge.destination,
        code: new Sensitive(code),
        text,
        expiresAt: new Date(challenge.expiresAt),
        validForSeconds,
        locale,
      })
    },
    canNotify: notifier !== undefined,
    notifyReplaced(to, lastDigits, locale) {
      const text = compose.replaced(lastDigits, locale)
      return notifier?.notify?.({ to, text, locale }) ?? Promise.resolve(noNotice)
    },
    notifyChanged(to, change, locale) {
      const text = compose.changed(change, locale)
      return notifier?.notify?.({ to, text, locale }) ?? Promise.resolve(noNotice)
    },
    cancel: () => Promise.resolve(),
  }
}

/**
 * Delivers codes that the vendor makes, sends and judges.
 *
 * @throws ConfigurationError for no channels, or one that does not exist.
 */
export function hostedDelivery(verifier: HostedVerifier): Delivery {
  return {
    channels: checkedChannels('verifier.channels', verifier.channels),
    locales: [],
    newCode: { owner: 'hosted', ref: null },
    canResend: (_subject, { code }) => code.owner === 'hosted' && code.ref !== null,
    async deliver({ destination, channel }, { subject, locale, clientIp, isVerified }) {
      const result = await verifier.start({
        ...{ to: destination, channel, locale, subject, clientIp, isVerified },
      })
      if (result.status !== 'started') return result
      return isRef(result.ref)
        ? { status: 'sent', reference: result.ref }
        : { status: 'maybe_sent', reason: 'the verifier gave no id' }
    },
    // A vendor that makes its own codes sends nothing else.
    canNotify: false,
    notifyReplaced: () => Promise.resolve(noNotice),
    notifyChanged: () => Promise.resolve(noNotice),
    async cancel({ code }) {
      if (code.owner === 'hosted' && code.ref !== null) await verifier.cancel(code.ref)
    },
  }
}

/** Sends a message within a timeout. A sender that throws or times out may still have sent it. */
export async function handOver(
  { withDeadline }: Pick<FactorTools, 'withDeadline'>,
  send: () => Promise<SendResult>,
): Promise<SendResult> {
  try {
    const answer: unknown = await withDeadline(send(), sendTimeoutSeconds, () => new Error('late'))
    if (isSendResult(answer)) return answer
    return { status: 'maybe_sent', reason: 'the sender returned no valid result' }
  } catch {
    return { status: 'maybe_sent', reason: 'the sender threw or did not answer' }
  }
}

/**
 * Cancels a challenge at the vendor within a timeout. Errors are ignored, because nothing asks for its code any more.
 */
export async function cancelAtVendor(
  { withDeadline, delivery }: Pick<FactorTools, 'withDeadline'> & { readonly delivery: Delivery },
  challenge: Challenge,
): Promise<void> {
  const late = () => new Error('late')
  await withDeadline(delivery.cancel(challenge), cancelTimeoutSeconds, late).catch(() => undefined)
}

/**
 * The text of the message, or `null` if the application's template throws. The error is dropped: it may hold the
 * code.
 */
function composed(compose: ComposeMessage, ...parts: Parameters<ComposeMessage>): Sensitive | null {
  try {
    return compose(...parts)
  } catch {
    return null
  }
}

/** Fails at construction rather than on the first send. */
function checkedChannels(option: string, input: readonly Channel[]): readonly Channel[] {
  const list: unknown = input
  const isChannel = (one: unknown) => channels.some((channel) => channel === one)
  if (Array.isArray(list) && list.length > 0 && list.every(isChannel)) return input
  throw new ConfigurationError(
    `${option} must be one or more of ${channels.map((one) => `'${one}'`).join(', ')}`,
    option,
  )
}

function isRef(ref: unknown): boolean {
  return typeof ref === 'string' && ref !== '' && ref.length <= maxRefLength
}

const sendStatuses: readonly unknown[] = ['sent', 'maybe_sent', 'rejected', 'operator_fault']

/** A sender written in JavaScript may return nothing; that must not undo a message that went out. */
function isSendResult(answer: unknown): answer is SendResult {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'status' in answer &&
    sendStatuses.includes(answer.status)
  )
}
