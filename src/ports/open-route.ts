/** Endpoints of a factor that need no login: for clients without a session, and for vendors. */

import type { Fields } from '../core/fields.js'
import type { Refusal } from '../core/refusal.js'

/** A client's request with a parsed body. */
export interface OpenRequest {
  readonly fields: Fields
  readonly clientIp: string | undefined
  /** Returns the BCP 47 tag that the client prefers among these, else the one it prefers overall. */
  readonly locale: (among: readonly string[]) => string | null
}

/** A `POST` endpoint that returns JSON. */
export interface OpenRoute {
  readonly path: string
  /** HTTP statuses of refusals, if they differ from the router's. */
  readonly statuses: Readonly<Record<string, number>>
  /** Returns the JSON of a success, or a refusal. */
  readonly handle: (request: OpenRequest) => Promise<object | Refusal>
}

/** A vendor's request, unmodified. */
export interface WebhookRequest {
  /** Path and query exactly as received. */
  readonly url: string
  /** Headers by name, in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The raw body, for checking a signature over it. */
  readonly body: Uint8Array
}

/** A `POST` endpoint for a vendor. The response is only a status. */
export interface Webhook {
  readonly path: string
  /** Maximum size of the body, in bytes. */
  readonly maxBytes: number
  readonly handle: (request: WebhookRequest) => Promise<'accepted' | 'forged'>
}
