/** Twilio Messaging as documented, without HTTP: accepts messages and stores them. */

import {
  e164,
  newSid,
  noteUnknown,
  refuseParameter,
  twilioError,
  type Parameters,
  type StandInAnswer,
} from './twilio-stand-in-answers.js'

export interface StandInMessage {
  readonly sid: string
  readonly to: string
  readonly from: string | null
  readonly messagingServiceSid: string | null
  readonly body: string
  readonly validityPeriod: number
  readonly statusCallback: string | null
}

const parameterNames =
  'To StatusCallback ApplicationSid MaxPrice ProvideFeedback Attempt ValidityPeriod ForceDelivery ' +
  'ContentRetention AddressRetention SmartEncoded PersistentAction TrafficType ShortenUrls ' +
  'ScheduleType SendAt SendAsMms ContentVariables RiskCheck From FallbackFrom MessagingServiceSid ' +
  'Body MediaUrl ContentSid'

/** Takes one message, and adds it to `messages`. */
export function takeMessage(
  accountSid: string,
  messages: StandInMessage[],
  violations: string[],
  parameters: Parameters,
): StandInAnswer {
  noteUnknown(violations, parameterNames, parameters)
  const to = parameters.get('To') ?? ''
  const from = parameters.get('From') ?? null
  const messagingServiceSid = parameters.get('MessagingServiceSid') ?? null
  const body = parameters.get('Body') ?? ''
  const validity = parameters.get('ValidityPeriod') ?? '36000'
  const statusCallback = parameters.get('StatusCallback') ?? null
  if (!e164.test(to)) return twilioError(400, 21211, `Invalid 'To' Phone Number: ${to}`)
  if (from === null && messagingServiceSid === null)
    return refuseParameter(violations, 'From', 400, 21603)
  if (messagingServiceSid !== null && !/^MG[0-9a-fA-F]{32}$/.test(messagingServiceSid)) {
    return refuseParameter(violations, 'MessagingServiceSid', 400, 21701)
  }
  if (body === '' || body.length > 1600) return refuseParameter(violations, 'Body', 400, 21602)
  if (!/^\d+$/.test(validity) || Number(validity) < 1 || Number(validity) > 36_000) {
    return refuseParameter(violations, 'ValidityPeriod', 400, 21620)
  }
  if (statusCallback !== null && !URL.canParse(statusCallback)) {
    return refuseParameter(violations, 'StatusCallback', 400, 21609)
  }
  const validityPeriod = Number(validity)
  const message = { sid: newSid('SM'), to, from, messagingServiceSid, body, validityPeriod }
  messages.push({ ...message, statusCallback })
  return {
    status: 201,
    body: {
      sid: message.sid,
      account_sid: accountSid,
      to,
      from,
      messaging_service_sid: messagingServiceSid,
      body,
      status: messagingServiceSid === null ? 'queued' : 'accepted',
      direction: 'outbound-api',
      num_segments: '1',
      num_media: '0',
      error_code: null,
      error_message: null,
      api_version: '2010-04-01',
    },
  }
}
