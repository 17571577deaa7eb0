/** Sends codes as text messages through Twilio Messaging. */

import type { CodeMessage, CodeSender, SendResult } from '../../ports/code-sender.js'
import { callerOf, callTwilio, type Caller } from './call.js'
import { faultOfMessage, fields, sendFailure } from './errors.js'
import { accessKeys, resolveAccess, type TwilioAccess } from './access.js'
import { checkKeys, checkSid, misconfigured, resolveTimeout, secureUrl } from './options.js'
import type { TwilioMessage, TwilioMessagingClient } from './twilio-like.js'

/** Who a message comes from: a number of yours, or a Messaging Service that picks one. */
export type TwilioOrigin =
  | {
      /** E.164, a short code, or an alphanumeric sender id. */
      readonly from: string
      readonly messagingServiceSid?: undefined
    }
  | {
      /** `MG…`. */
      readonly messagingServiceSid: string
      readonly from?: undefined
    }

/** How `twilioSender` is set up. */
export type TwilioSenderOptions = TwilioAccess<TwilioMessagingClient> &
  TwilioOrigin & {
    /** Where Twilio reports the delivery; `https:`, or `http:` on loopback. Default: nowhere, unless the Messaging Service says so. */
    readonly statusCallback?: string | undefined
    /** Seconds until an answer counts as missing. Default 10, at most 14. */
    readonly timeoutSeconds?: number | undefined
  }

const factory = 'twilioSender'
const knownKeys = [
  ...accessKeys,
  'from',
  'messagingServiceSid',
  'statusCallback',
  'timeoutSeconds',
] as const

/** E.164, a short code, or an alphanumeric sender id with at least one letter. */
const senderForm = /^(?:\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 +\-_&]{1,11})$/

/** The bounds of Twilio's `ValidityPeriod`. */
const longestValiditySeconds = 36_000

/** Messages that Twilio created, and gave up in the same breath. */
const deadStatuses: readonly unknown[] = ['failed', 'undelivered', 'canceled']

/**
 * Makes a sender on Twilio Messaging. Needs the package `twilio` (6.2 or later), which is loaded in
 * the background, unless a `client` is given.
 *
 * A message is handed over once: after a timeout, a reset or a 5xx nobody knows whether it went
 * out, and the answer is `maybe_sent`. Twilio drops a message that it could not hand on while the
 * code was alive.
 *
 * @throws ConfigurationError for an unknown, missing or contradictory option.
 */
export function twilioSender(options: TwilioSenderOptions): CodeSender {
  checkKeys(factory, options, knownKeys)
  const access = resolveAccess<TwilioMessagingClient>(factory, options, 'messages')
  const origin = resolveOrigin(options)
  const { statusCallback } = options
  if (statusCallback !== undefined) secureUrl(factory, 'statusCallback', statusCallback)
  const timeoutSeconds = resolveTimeout(factory, options.timeoutSeconds)
  const caller = callerOf(access, timeoutSeconds, (client) => client.messages)
  const callback = statusCallback === undefined ? {} : { statusCallback }
  return {
    channel: 'sms',
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
  const { answer, fault } = await callTwilio(caller, (client) => client.messages.create(message))
  return fault === undefined ? read(answer) : sendFailure(fault)
}

/** A 2xx is a yes only where it names the message and does not call it dead. */
function read(answer: unknown): SendResult {
  const { sid, status, errorCode } = fields(answer)
  if (errorCode !== null && errorCode !== undefined) return sendFailure(faultOfMessage(errorCode))
  if (deadStatuses.includes(status)) return { status: 'rejected', reason: 'unavailable' }
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
      'must be a number in E.164 such as +15550006789, a short code, or up to 11 letters and digits',
    )
  }
  return { from }
}
