/** What a factor adds to the page of operators. */

/** What operators see of a factor, and how they find people by it. */
export interface FactorInsight {
  /** The ISO 3166 codes that its events may name as `country`. */
  readonly countries: readonly string[]
  /** How far the limits that many people share are used up, the fullest first. Empty where there are none. */
  limits(): Promise<readonly LimitUse[]>
  /** Finds a user by what the factor knows of them; absent where it cannot. */
  readonly lookUp?: LookUp | undefined
}

/** A way to find a user, beside the id. */
export interface LookUp {
  /** What is typed, in a word. */
  readonly by: string
  /** The key of the user's row; `null` where the text means nobody. */
  find(text: string): Promise<string | null>
}

/** A limit, and how far it is used up. */
export interface LimitUse {
  /** The option that sets it, such as `limits.rules.spend`. */
  readonly option: string
  /** What is limited, such as `Messages to CM`. */
  readonly about: string
  readonly window: 'hour' | 'day' | 'week'
  readonly used: number
  readonly limit: number
  /** `messages`, or the currency of a cost. */
  readonly unit: string
}
