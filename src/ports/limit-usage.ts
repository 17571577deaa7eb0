/** What limits over all users have used, for operators. */

/** Which counters to read beside those that the options name. */
export interface LimitUsageOptions {
  /**
   * ISO 3166 codes, or calling codes of networks of no country.
   *
   * @default those that have limits of their own
   */
  readonly countries?: readonly string[] | undefined
  /**
   * The first digits of numbers, as the rule `prefix` counts them: all but the last four.
   *
   * @default none
   */
  readonly prefixes?: readonly string[] | undefined
  /**
   * The hours over which messages to countries are summed up, at most 336.
   *
   * @default 24
   */
  readonly hours?: number | undefined
}

/** One limit, and how much of it is used. */
export interface UsedLimit {
  readonly rule: string
  /** As in the event `limit_reached`, but whole; `~~n` and `~$n` are the parts that new numbers may use. */
  readonly counter: string
  readonly window: 'hour' | 'day' | 'week'
  /** Messages, or money in `currency`. */
  readonly used: number
  readonly limit: number
  /** `null` where messages are counted. */
  readonly currency: string | null
}

/** Messages to a country, but for those to verified numbers. */
export interface CountryUse {
  readonly country: string
  readonly sent: number
  /** Those of them whose code was right. */
  readonly verified: number
}

/** What limits have used. */
export interface LimitUsage {
  readonly limits: readonly UsedLimit[]
  readonly countries: readonly CountryUse[]
}

/** Reads it; `null` where no limits are configured. */
export type ReadLimitUsage = (options?: LimitUsageOptions) => Promise<LimitUsage | null>
