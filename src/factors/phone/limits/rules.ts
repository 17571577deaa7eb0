/** The rules of the limits on sends, as options. */

import type { Channel } from '../rules/part.js'

/** The action for a send that a rule has no room for. */
export type RuleAction =
  | 'refuse'
  /** Sends it, and says so in the event of the decision. */
  | 'record'
  /** Turns the rule off; it counts nothing. */
  | 'off'

/** The option that every rule has. */
export interface RuleOptions {
  /**
   * The action for a send that the rule has no room for.
   *
   * @default 'refuse'
   */
  readonly action?: RuleAction | undefined
}

/** Messages to one phone, whoever requests them. */
export interface PhoneRuleOptions extends RuleOptions {
  /**
   * Messages a day to a phone that the application gives as the user's.
   *
   * @default 20
   */
  readonly perDay?: number | undefined
  /**
   * Messages a day to a phone that nobody has proved to be theirs. They are counted separately, so that a stranger
   * who enters somebody's phone cannot use up the messages that its owner needs to sign in.
   *
   * @default 5
   */
  readonly newPerDay?: number | undefined
  /**
   * The same limit for seven days.
   *
   * @default 10
   */
  readonly newPerWeek?: number | undefined
}

/** Codes that one account requests for new phones. A code that is sent again is not counted. */
export interface AccountRuleOptions extends RuleOptions {
  /**
   * Codes a day.
   *
   * @default 5
   */
  readonly perDay?: number | undefined
}

/** Messages to new phones, by the network of the client: an IPv4 address, or the first bits of an IPv6 address. */
export interface NetworkRuleOptions extends RuleOptions {
  /**
   * Messages an hour.
   *
   * @default 30
   */
  readonly perHour?: number | undefined
  /**
   * Messages a day.
   *
   * @default 100
   */
  readonly perDay?: number | undefined
}

/** Messages to new phones that differ only in their last four digits. */
export interface PrefixRuleOptions extends RuleOptions {
  /**
   * Messages an hour.
   *
   * @default 20
   */
  readonly perHour?: number | undefined
  /**
   * Messages a day.
   *
   * @default 50
   */
  readonly perDay?: number | undefined
}

/** Limits of one country. */
export interface CountryLimitOptions {
  /**
   * Messages an hour.
   *
   * @default no limit
   */
  readonly perHour?: number | undefined
  /**
   * Messages a day.
   *
   * @default no limit
   */
  readonly perDay?: number | undefined
}

/** Messages to phones of one country, except those known to be verified, which people sign in with. */
export interface CountryRuleOptions extends RuleOptions, CountryLimitOptions {
  /**
   * Countries with their own limits in place of those above, by ISO 3166 code; networks that belong to no country by
   * their calling code, such as `+883`.
   *
   * @default none
   */
  readonly only?: Readonly<Record<string, CountryLimitOptions>> | undefined
}

/** All messages of the application. */
export interface ApplicationRuleOptions extends RuleOptions, CountryLimitOptions {
  /**
   * The share of the limits that new phones may use; the rest is for people who sign in.
   *
   * @default 0.5
   */
  readonly newShare?: number | undefined
}

/** Prices of a message by ISO 3166 code or calling code; `*` is the price for all others. */
export type PriceList = Readonly<Record<string, number>>

/** The cost of all messages. */
export interface SpendRuleOptions extends RuleOptions {
  /**
   * The most that messages may cost in an hour, in `currency`.
   *
   * @default no limit
   */
  readonly perHour?: number | undefined
  /**
   * The most that messages may cost in a day, in `currency`.
   *
   * @default no limit
   */
  readonly perDay?: number | undefined
  /** The currency of the prices, such as `USD`. Shown beside `cost` in `send_decided`; nothing is converted. */
  readonly currency: string
  /**
   * The price of one message, exact to a millionth. A country that is not listed costs `*`, or else the highest
   * price.
   */
  readonly price: PriceList | ((phone: string, channel: Channel) => number)
  /**
   * The share of the limits that new phones may use; the rest is for people who sign in.
   *
   * @default 0.5
   */
  readonly newShare?: number | undefined
}

/** A rule based on the outcomes of earlier messages. */
export interface OutcomeRuleOptions {
  /**
   * The action for a send that the rule finds unusual. Record for some weeks, and look at the results, before you
   * refuse.
   *
   * @default 'record'
   */
  readonly action?: RuleAction | undefined
}

/** Every rule by its name. */
export interface LimitRules {
  readonly phone?: PhoneRuleOptions | undefined
  readonly account?: AccountRuleOptions | undefined
  readonly network?: NetworkRuleOptions | undefined
  readonly prefix?: PrefixRuleOptions | undefined
  /** No limit unless one is given. */
  readonly country?: CountryRuleOptions | undefined
  /** No limit unless one is given. */
  readonly application?: ApplicationRuleOptions | undefined
  /** No limit unless one is given. */
  readonly spend?: SpendRuleOptions | undefined
  /** Phones that differ only in their last four digits from one that a vendor has blocked for fraud. */
  readonly blocked?: RuleOptions | undefined
  /**
   * Messages to a country or a prefix, or from a network, with unusually many messages whose code nobody enters.
   * Applies only to phones that are not `known`.
   */
  readonly unverified?: OutcomeRuleOptions | undefined
  /**
   * New phones for which a vendor has reported two failures in a day and no delivery. Prefixes for which most reports
   * are failures are recorded, never refused. Needs `receipts`.
   */
  readonly failed?: OutcomeRuleOptions | undefined
}

/** The name of a rule. */
export type RuleName = keyof LimitRules
