/** Declares the parts of Twilio's SDK in use, because the public types must work without the package `twilio`. */

/** The parameters of `messages.create`. */
export interface TwilioMessage {
  to: string
  body: string
  from?: string
  messagingServiceSid?: string
  /** Seconds that the message may wait in Twilio's queue. */
  validityPeriod: number
  statusCallback?: string
}

/** A client that can send messages, such as one made by `twilio(…)`. */
export interface TwilioMessagingClient {
  readonly messages: { create(message: TwilioMessage): Promise<unknown> }
}

/** The parameters of `verifications.create`. */
export interface TwilioVerification {
  to: string
  channel: string
  locale?: string
  rateLimits?: Record<string, string>
  deviceIp?: string
}

/** The verifications of a Verify Service. A call with an id returns one of them. */
export interface TwilioVerifications {
  (sid: string): { update(change: { status: 'canceled' }): Promise<unknown> }
  create(verification: TwilioVerification): Promise<unknown>
}

/** A Verify Service. */
export interface TwilioVerifyService {
  readonly verifications: TwilioVerifications
  readonly verificationChecks: {
    create(check: { verificationSid: string; code: string }): Promise<unknown>
  }
}

/** A client for Twilio Verify, such as one made by `twilio(…)`. */
export interface TwilioVerifyClient {
  readonly verify: { readonly v2: { services(sid: string): TwilioVerifyService } }
}

/** A client for Twilio Lookup, such as one made by `twilio(…)`. */
export interface TwilioLookupClient {
  readonly lookups: {
    readonly v2: {
      phoneNumbers(phone: string): { fetch(query: { fields: string }): Promise<unknown> }
    }
  }
}

/** A client for Messaging, Verify and Lookup. */
export type TwilioLike = TwilioMessagingClient & TwilioVerifyClient & TwilioLookupClient

/** A request that the SDK passes to its HTTP client. It carries the credentials and the code. */
export interface TwilioHttpRequest {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** The absolute URL. */
  readonly uri: string
  readonly username?: string
  readonly password?: string
  readonly headers?: Record<string, string>
  /** The form's fields. */
  readonly data?: unknown
}

/** The response that an HTTP client returns to the SDK. */
export interface TwilioHttpResponse {
  readonly statusCode: number
  readonly body: unknown
  readonly headers: unknown
}

/** An HTTP client for the SDK, such as a `twilio.RequestClient`. */
export interface TwilioHttpClient {
  request(options: TwilioHttpRequest): Promise<TwilioHttpResponse>
}
