/** The parts of Twilio's SDK that are used, described here so that our types need no `twilio` package. */

/** A message, as `messages.create` takes it. */
export interface TwilioMessage {
  to: string
  body: string
  from?: string
  messagingServiceSid?: string
  /** Seconds the message may wait in Twilio's queue. */
  validityPeriod: number
  statusCallback?: string
}

/** A client that can send messages. A client made by `twilio(…)` is one. */
export interface TwilioMessagingClient {
  readonly messages: { create(message: TwilioMessage): Promise<unknown> }
}

/** A verification, as `verifications.create` takes it. */
export interface TwilioVerification {
  to: string
  channel: string
  locale?: string
  rateLimits?: Record<string, string>
  deviceIp?: string
}

/** The verifications of a Verify Service, and one of them by its id. */
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

/** A client that can verify numbers. A client made by `twilio(…)` is one. */
export interface TwilioVerifyClient {
  readonly verify: { readonly v2: { services(sid: string): TwilioVerifyService } }
}

/** A client of Twilio's. */
export type TwilioLike = TwilioMessagingClient & TwilioVerifyClient

/** A request, as the SDK hands it to its HTTP client. It carries the credentials and the code. */
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

/** What an HTTP client answers the SDK. */
export interface TwilioHttpResponse {
  readonly statusCode: number
  readonly body: unknown
  readonly headers: unknown
}

/** An HTTP client for the SDK. A `twilio.RequestClient` is one. */
export interface TwilioHttpClient {
  request(options: TwilioHttpRequest): Promise<TwilioHttpResponse>
}
