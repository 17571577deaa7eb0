/** The health of the dependencies of a second factor. */

/** The health of one dependency. */
export interface HealthCheck {
  readonly ok: boolean
  /** Response time; absent if the check called nothing. */
  readonly milliseconds?: number
  /** The outcome of the last message; `null` if there was none. */
  readonly lastOutcome?: string | null
  /** The time of the last message. */
  readonly at?: Date | null
}

/** The health of the whole second factor. */
export interface Health {
  /**
   * `down`: nobody can pass through this process. `degraded`: something is wrong, but people still pass, so keep the
   * process in service.
   */
  readonly status: 'ok' | 'degraded' | 'down'
  /**
   * The checks by name: `store`, `audit` if there is an audit log, and the dependencies of each factor, such as
   * `sender` and `counts`.
   */
  readonly checks: Readonly<Record<string, HealthCheck>> & { readonly store: HealthCheck }
}
