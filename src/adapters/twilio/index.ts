/** The subpath `passport-second-factor/twilio`: SMS and receipts by Twilio Messaging, codes by Twilio Verify. */

export { twilioSender, type TwilioOrigin, type TwilioSenderOptions } from './messaging-sender.js'
export { twilioReceipts, type TwilioReceiptsOptions } from './receipts.js'
export { twilioVerify } from './verify-verifier.js'
export type { TwilioRateLimitKey, TwilioVerifyOptions } from './verify-options.js'
export type { TwilioAccess, TwilioCredentials, TwilioTransport } from './access.js'
export type {
  TwilioHttpClient,
  TwilioHttpRequest,
  TwilioHttpResponse,
  TwilioLike,
  TwilioMessage,
  TwilioMessagingClient,
  TwilioVerification,
  TwilioVerifications,
  TwilioVerifyClient,
  TwilioVerifyService,
} from './twilio-like.js'
