/** Receives every decision. Events never carry a code, a key, or a destination that is not masked. */

import type { ResetScope } from '../core/admin.js'
import type { RefusalCode } from '../core/refusal.js'
import type { Method, Purpose } from '../core/state.js'

/** The user an event is about. */
export interface AboutSubject {
  /** The user's id; of a row that belongs to no user, masked. */
  readonly subject: string
}

/**
 * Every event by its `type`, with the facts it carries. A factor adds events of its own here by declaration
 * merging.
 */
export interface Events {
  /** The store, the session store or a callback of the application failed. */
  readonly fault: {
    readonly code: 'store_unavailable' | 'directory_unavailable'
    /** What failed, in this package's words; never the cause's, which may hold anything. */
    readonly message: string
  }
  /** Something is missing in how the application is put together, so that some people can never pass. Told once. */
  readonly set_up_mistake: {
    /** The option that would help. */
    readonly option: string
    /** What is missing, and the remedy. */
    readonly message: string
  }
  readonly start_refused: AboutSubject & {
    readonly purpose: Purpose
    readonly code: RefusalCode
  }
  readonly verify_refused: AboutSubject & {
    readonly purpose: Purpose
    readonly code: RefusalCode
    readonly failures: number
  }
  readonly locked: AboutSubject & { readonly failures: number; readonly until: Date | null }
  readonly passed: AboutSubject & { readonly purpose: Purpose; readonly method: Method }
  readonly challenge_abandoned: AboutSubject
  readonly grant_revoked: AboutSubject & { readonly reason: 'logout' | 'login' }
  readonly all_grants_revoked: AboutSubject
  readonly reset: AboutSubject & { readonly scope: ResetScope }
  /** Everything kept of the user was erased. */
  readonly forgotten: AboutSubject
}

/** An event, before it has a time. */
export type UntimedEvent = {
  readonly [Type in keyof Events]: { readonly type: Type } & Events[Type]
}[keyof Events]

/** An event; `type` says which. */
export type SecondFactorEvent = UntimedEvent & { readonly at: Date }

/** Called with each event. Errors, rejections and hangs are ignored. */
export interface EventSink {
  emit(event: SecondFactorEvent): unknown
}
