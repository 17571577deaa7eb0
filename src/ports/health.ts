/** How the parts that a second factor depends on stand. */

/** One part. */
export interface HealthCheck {
  readonly ok: boolean
  /** How long it took to answer; absent where nothing was asked. */
  readonly milliseconds?: number
  /** What became of the last message; `null` where there was none. */
  readonly lastOutcome?: string | null
  /** When that was. */
  readonly at?: Date | null
}

/** How everything stands. */
export interface Health {
  /**
   * `down`: nobody can pass here, and another machine may do better. `degraded`: something is wrong, and people still
   * pass; taking the machine out of service would only make it worse.
   */
  readonly status: 'ok' | 'degraded' | 'down'
  /** By name: `store`, `audit` where there is one, and what each factor depends on, such as `sender` and `counts`. */
  readonly checks: Readonly<Record<string, HealthCheck>> & { readonly store: HealthCheck }
}
