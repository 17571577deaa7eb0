/** Receives every decision. Events never carry a code, a key, or a destination that is not masked. */

import type { ResetScope } from '../core/admin.js'
import type { RefusalCode } from '../core/refusal.js'
import type { Method, Purpose } from '../core/state.js'

/** The user an event is about. */
export interface AboutSubject {
  /** The user's id; of a row that belongs to no user, masked. */
  readonly subject: string
}

/** Who has acted and why, as far as they said. */
export interface ByOperator {
  readonly actor?: string
  readonly reason?: string
}

/** Facts of a pass that its factor alone knows. A factor adds its own here by declaration merging. */
export interface PassFacts {
  /** Seconds since the evidence was first sent for. Absent where nothing was sent. */
  readonly elapsedSeconds?: number
}

/**
 * Every event by its `type`, with the facts it carries. A factor adds events of its own here by declaration
 * merging.
 */
export interface Events {
  /** The store, the session store, the counts, the audit log or a callback of the application failed. */
  readonly fault: {
    readonly code:
      'store_unavailable' | 'directory_unavailable' | 'limits_unavailable' | 'audit_unavailable'
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
  /**
   * A row was written by a clock that is more than 30 s ahead of this process's: one of the two is wrong, and what the
   * other has sent or granted is refused here. Told once a minute.
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
  /** A right code that was used before, which nobody passes by. */
  readonly code_reused: AboutSubject & { readonly method: Method }
  /** An operator has removed every factor of the user. */
  readonly factors_reset: AboutSubject & {
    readonly actor: string
    readonly reason: string
    /** Whether the password alone enrols the next factor. */
    readonly open: boolean
  }
  /** The application remembers factors that the store has lost, or nothing that is held can be read. */
  readonly factors_lost: AboutSubject
  /** A device was trusted: the password alone logs in on it from now on. */
  readonly device_trusted: AboutSubject & { readonly id: string }
  /** The trust in a device has ended; `id` is `null` where it was all of them. */
  readonly device_revoked: AboutSubject &
    ByOperator & { readonly id: string | null; readonly by: 'user' | 'operator' | 'logout' }
  /** A token of a device was used that had been replaced: somebody has copied it. The trust in the device has ended. */
  readonly device_token_reused: AboutSubject & { readonly id: string }
  /** Everything kept of the user was erased. */
  readonly forgotten: AboutSubject & ByOperator
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
