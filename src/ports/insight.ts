/** The data of a factor for the operators' pages. */

/** The data of a factor for operators, and a way to find users by it. */
export interface FactorInsight {
  /** The ISO 3166 codes that its events can have as `country`. */
  readonly countries: readonly string[]
  /** Returns the usage of the limits that users share, fullest first; empty if there are none. */
  limits(): Promise<readonly LimitUse[]>
  /** Finds a user by data of the factor. Absent if it cannot. */
  readonly lookUp?: LookUp | undefined
}

/** A way to find a user other than by id. */
export interface LookUp {
  /** The name of the input, in one word. */
  readonly by: string
  /** Returns the key of the user's row; `null` if no user matches. */
  find(text: string): Promise<string | null>
}

/** The usage of a limit. */
export interface LimitUse {
  /** The option that sets it, such as `limits.rules.spend`. */
  readonly option: string
  /** The subject of the limit, such as `Messages to CM`. */
  readonly about: string
  readonly window: 'hour' | 'day' | 'week'
  readonly used: number
  readonly limit: number
  /** `messages`, or a currency. */
  readonly unit: string
}
