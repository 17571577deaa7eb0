/** The usage of limits that all users share, for operators. */

/** The options of `limitUsage`: counters to read besides those with limits of their own. */
export interface LimitUsageOptions {
  /**
   * ISO 3166 codes, or calling codes of networks without a country.
   *
   * @default those with limits of their own
   */
  readonly countries?: readonly string[] | undefined
  /**
   * Prefixes of numbers, as the rule `prefix` counts them: all but the last four digits.
   *
   * @default none
   */
  readonly prefixes?: readonly string[] | undefined
  /**
   * Hours to sum up messages per country, at most 336.
   *
   * @default 24
   */
  readonly hours?: number | undefined
}

/** The usage of one limit. */
export interface UsedLimit {
  readonly rule: string
  /** The counter, as in the event `limit_reached` but unmasked. `~~n` and `~$n` are the shares for new numbers. */
  readonly counter: string
  readonly window: 'hour' | 'day' | 'week'
  /** Number of messages, or an amount in `currency`. */
  readonly used: number
  readonly limit: number
  /** `null` if messages are counted. */
  readonly currency: string | null
}

/** Messages to a country, except those to verified numbers. */
export interface CountryUse {
  readonly country: string
  readonly sent: number
  /** Messages whose code was entered correctly. */
  readonly verified: number
}

/** The usage of all limits. */
export interface LimitUsage {
  readonly limits: readonly UsedLimit[]
  readonly countries: readonly CountryUse[]
}

/** Reads the usage; `null` if no limits are configured. */
export type ReadLimitUsage = (options?: LimitUsageOptions) => Promise<LimitUsage | null>
