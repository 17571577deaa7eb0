/** Sends codes as SMS through Twilio Messaging. */

import { assertKnownOptions } from '../../core/known-options.js'
import type { CodeMessage, CodeSender, SendResult } from '../../factors/phone/ports/code-sender.js'
import { resolveTimeout } from '../http/deadline.js'
import { fields } from '../http/fields.js'
import { misconfigured } from '../http/misconfigured.js'
import { secureUrl } from '../http/secure-url.js'
import { accessOptions, resolveAccess, type TwilioAccess } from './access.js'
import { callerOf, callTwilio, type Caller } from './call.js'
import { checkAccount } from './check-account.js'
import { faultOfMessage, sendFailure } from './errors.js'
import { checkSid } from './options.js'
import type { TwilioMessage, TwilioMessagingClient } from './twilio-like.js'

/** The sender of the messages: a fixed one, or a Messaging Service that picks one. */
export type TwilioOrigin =
  | {
      /** A Twilio phone in E.164, a short code, or an alphanumeric sender id. */
      readonly from: string
      readonly messagingServiceSid?: undefined
    }
  | {
      /** `MG…`. */
      readonly messagingServiceSid: string
      readonly from?: undefined
    }

/** Options of `twilioSender`. */
export type TwilioSenderOptions = TwilioAccess<TwilioMessagingClient> &
  TwilioOrigin & {
    /**
     * The URL for delivery receipts, see `twilioReceipts`; `https:`, or `http:` on loopback.
     *
     * @default none, or the one that the Messaging Service is configured with
     */
    readonly statusCallback?: string | undefined
    /**
     * Timeout of one send, in seconds; at most 14.
     *
     * @default 10
     */
    readonly timeoutSeconds?: number | undefined
  }

const factory = 'twilioSender'
const knownOptions: Readonly<Record<keyof TwilioSenderOptions, true>> = {
  ...accessOptions,
  from: true,
  messagingServiceSid: true,
  statusCallback: true,
  timeoutSeconds: true,
}

/** E.164, a short code, or an alphanumeric sender id with at least one letter. */
const senderForm = /^(?:\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 +\-_&]{1,11})$/

/** The maximum of Twilio's `ValidityPeriod`; the minimum is 1. */
const longestValiditySeconds = 36_000

/** Statuses of messages that failed as they were created. */
const failedStatuses: readonly unknown[] = ['failed', 'undelivered', 'canceled']

/**
 * Makes a sender on Twilio Messaging. Needs the package `twilio` (6.2 or later), which is loaded in
 * the background, unless you pass a `client`.
 *
 * A message is never retried: after a timeout, a reset or a 5xx it may have been sent, and the result
 * is `maybe_sent`. A message that is still queued at Twilio when its code expires is dropped there.
 *
 * @example
 * ```ts
 * import { twilioSender } from 'passport-second-factor/twilio'
 *
 * const sender = twilioSender({
 *   accountSid: env.TWILIO_ACCOUNT_SID,
 *   authToken: env.TWILIO_AUTH_TOKEN,
 *   from: '+14155550100',
 * })
 * ```
 *
 * @throws ConfigurationError for an unknown, missing or contradictory option.
 */
export function twilioSender(options: TwilioSenderOptions): CodeSender {
  assertKnownOptions(factory, options, knownOptions)
  const access = resolveAccess<TwilioMessagingClient>(factory, options, 'messages')
  const origin = resolveOrigin(options)
  const { statusCallback } = options
  if (statusCallback !== undefined) secureUrl(factory, 'statusCallback', statusCallback)
  const timeoutSeconds = resolveTimeout(factory, options.timeoutSeconds)
  const caller = callerOf(access, timeoutSeconds, (client) => client.messages)
  const callback = statusCallback === undefined ? {} : { statusCallback }
  return {
    channel: 'sms',
    check: () => checkAccount(caller),
    send: (message) => send(caller, { ...origin, ...callback, ...partsOf(message) }),
    notify: ({ to, text }) =>
      send(caller, {
        ...origin,
        ...callback,
        to,
        body: text,
        validityPeriod: longestValiditySeconds,
      }),
  }
}

async function send(
  caller: Caller<TwilioMessagingClient>,
  message: TwilioMessage,
): Promise<SendResult> {
  const { response, fault } = await callTwilio(caller, (client) => client.messages.create(message))
  return fault === undefined ? resultOf(response) : sendFailure(fault)
}

/** A 2xx alone proves nothing: the message must have an id, and must not have failed already. */
function resultOf(response: unknown): SendResult {
  const { sid, status, errorCode } = fields(response)
  if (errorCode !== null && errorCode !== undefined) return sendFailure(faultOfMessage(errorCode))
  if (failedStatuses.includes(status)) return { status: 'rejected', reason: 'unavailable' }
  if (typeof sid !== 'string' || !/^[A-Z]{2}\w{1,62}$/.test(sid)) {
    return { status: 'maybe_sent', reason: 'twilio gave no readable answer' }
  }
  return { status: 'sent', reference: sid }
}

function partsOf({ to, text, validForSeconds }: CodeMessage): TwilioMessage {
  const validityPeriod = Math.min(Math.max(Math.floor(validForSeconds), 1), longestValiditySeconds)
  return { to, body: text.reveal(), validityPeriod }
}

function resolveOrigin({
  from,
  messagingServiceSid,
}: TwilioOrigin): Pick<TwilioMessage, 'from' | 'messagingServiceSid'> {
  if ((from === undefined) === (messagingServiceSid === undefined)) {
    misconfigured(factory, 'from', 'or messagingServiceSid: give exactly one of the two')
  }
  if (messagingServiceSid !== undefined) {
    checkSid(factory, 'messagingServiceSid', 'MG', messagingServiceSid)
    return { messagingServiceSid }
  }
  if (!senderForm.test(from)) {
    misconfigured(
      factory,
      'from',
      'must be a phone in E.164 such as +15550006789, a short code, or up to 11 letters and digits',
    )
  }
  return { from }
}
