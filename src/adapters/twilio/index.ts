/** The subpath `passport-second-factor/twilio`: Twilio Messaging with its receipts, Verify, and Lookup. */

export { twilioLookup, type TwilioLineType, type TwilioLookupOptions } from './lookup.js'
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
  TwilioLookupClient,
  TwilioMessage,
  TwilioMessagingClient,
  TwilioVerification,
  TwilioVerifications,
  TwilioVerifyClient,
  TwilioVerifyService,
} from './twilio-like.js'
