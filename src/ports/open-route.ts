/** Endpoints that need no login: what a factor offers to clients without a session, and to its vendors. */

import type { Fields } from '../core/fields.js'
import type { Refusal } from '../core/refusal.js'

/** A client's request, with its body read. */
export interface OpenRequest {
  readonly fields: Fields
  readonly clientIp: string | undefined
  /** BCP 47 tag: the language the client prefers among these, else the one it prefers to all. */
  readonly locale: (among: readonly string[]) => string | null
}

/** One `POST` endpoint that returns JSON. */
export interface OpenRoute {
  readonly path: string
  /** HTTP statuses of refusals, where they differ from those of the router. */
  readonly statuses: Readonly<Record<string, number>>
  /** Returns the JSON of a success, or a refusal. */
  readonly handle: (request: OpenRequest) => Promise<object | Refusal>
}

/** A vendor's request, exactly as it came. */
export interface WebhookRequest {
  /** Path and query exactly as received. */
  readonly url: string
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The body's bytes, over which signatures are made. */
  readonly body: Uint8Array
}

/** One `POST` endpoint for a vendor; the response is a status alone. */
export interface Webhook {
  readonly path: string
  /** The longest body that is read, in bytes. */
  readonly maxBytes: number
  readonly handle: (request: WebhookRequest) => Promise<'accepted' | 'forged'>
}
