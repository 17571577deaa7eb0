/** Events of every decision. They never carry a code, a key, or an unmasked destination. */

import type { ResetScope } from '../core/admin.js'
import type { RefusalCode } from '../core/refusal.js'
import type { Method, Purpose } from '../core/state.js'

/** The user of an event. */
export interface AboutSubject {
  /** The user's id. Masked if the row belongs to no user, as are international numbers in an id. */
  readonly subject: string
}

/** The operator behind an action and their reason, if given. */
export interface ByOperator {
  readonly actor?: string
  readonly reason?: string
}

/** Fields of the event `passed` that come from the factor. A factor adds its own by declaration merging. */
export interface PassFacts {
  /** Seconds since the evidence was first requested. Absent if nothing was sent. */
  readonly elapsedSeconds?: number
}

/**
 * Every event by its `type`, with its fields. A factor adds its own events by declaration merging.
 */
export interface Events {
  /** The store, the session store, the counts, the audit log or a callback of the application failed. */
  readonly fault: {
    readonly code:
      'store_unavailable' | 'directory_unavailable' | 'limits_unavailable' | 'audit_unavailable'
    /** A description by this package. Never the message of the cause, which could contain anything. */
    readonly message: string
  }
  /** The application's set-up is incomplete, so some users can never pass. Emitted once. */
  readonly set_up_mistake: {
    /** The option to set. */
    readonly option: string
    /** The problem and how to fix it. */
    readonly message: string
  }
  /**
   * Another process wrote a row with a clock more than 30 s ahead of this process's. One of the two clocks is wrong,
   * and this process rejects the codes and grants that the other issued. Emitted at most once a minute.
   */
  readonly clock_skew: { readonly secondsAhead: number }
  readonly start_refused: AboutSubject & {
    readonly purpose: Purpose
    readonly code: RefusalCode
  }
  readonly verify_refused: AboutSubject & {
    readonly purpose: Purpose
    readonly method: Method
    readonly code: RefusalCode
    readonly failures: number
  }
  readonly locked: AboutSubject & { readonly failures: number; readonly until: Date | null }
  readonly passed: AboutSubject & PassFacts & { readonly purpose: Purpose; readonly method: Method }
  readonly challenge_abandoned: AboutSubject
  readonly grant_revoked: AboutSubject & { readonly reason: 'logout' | 'login' }
  readonly all_grants_revoked: AboutSubject & ByOperator
  readonly reset: AboutSubject & ByOperator & { readonly scope: ResetScope }
  /** A factor was enrolled. */
  readonly factor_added: AboutSubject &
    ByOperator & { readonly kind: string; readonly by: 'user' | 'operator' }
  readonly factor_removed: AboutSubject &
    ByOperator & { readonly kind: string; readonly by: 'user' | 'operator' }
  /** A correct code was entered a second time. It was refused. */
  readonly code_reused: AboutSubject & { readonly method: Method }
  /** An operator removed every factor of the user. */
  readonly factors_reset: AboutSubject & {
    readonly actor: string
    readonly reason: string
    /** True if the password alone is enough to enrol the next factor. */
    readonly open: boolean
  }
  /** `users.hasFactors` says that the user has factors, but the store has none. */
  readonly factors_lost: AboutSubject
  /** A device was trusted. From now on the password alone logs in on it. */
  readonly device_trusted: AboutSubject & { readonly id: string }
  /** A device is no longer trusted; `id` is `null` if it was all of them. */
  readonly device_revoked: AboutSubject &
    ByOperator & { readonly id: string | null; readonly by: 'user' | 'operator' | 'logout' }
  /** A device's replaced token was used, so it may have been stolen. The device is no longer trusted. */
  readonly device_token_reused: AboutSubject & { readonly id: string }
  /** Everything stored about the user was erased. */
  readonly forgotten: AboutSubject & ByOperator
}

/** An event without its time. */
export type UntimedEvent = {
  readonly [Type in keyof Events]: { readonly type: Type } & Events[Type]
}[keyof Events]

/** An event, discriminated by `type`. */
export type SecondFactorEvent = UntimedEvent & { readonly at: Date }

/** Receives each event. Errors, rejections and hangs are ignored. */
export interface EventSink {
  emit(event: SecondFactorEvent): unknown
}
