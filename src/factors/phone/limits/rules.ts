/** The rules of the limits on sends, as options. */

import type { Channel } from '../rules/part.js'

/** What becomes of a send that a rule has no room for. */
export type RuleAction =
  | 'refuse'
  /** It is sent, and the decision's event says so. */
  | 'record'
  /** The rule counts nothing. */
  | 'off'

/** What every rule takes. */
export interface RuleOptions {
  /**
   * What becomes of a send that finds no room.
   *
   * @default 'refuse'
   */
  readonly action?: RuleAction | undefined
}

/** Messages to one phone, whoever asks. */
export interface PhoneRuleOptions extends RuleOptions {
  /**
   * Messages a day to a phone that the application names as the user's.
   *
   * @default 20
   */
  readonly perDay?: number | undefined
  /**
   * Messages a day to a phone that nobody has proved to be theirs. They are counted apart, so that whoever enters
   * somebody's phone does not use up what its owner signs in with.
   *
   * @default 5
   */
  readonly newPerDay?: number | undefined
  /**
   * The same for seven days.
   *
   * @default 10
   */
  readonly newPerWeek?: number | undefined
}

/** New phones that one account asks to be sent a code. A code that is sent again is not counted. */
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

/** Messages to new phones that differ in their last four digits alone. */
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

/** Messages to the phones of one country, but for those that people sign in with. */
export interface CountryRuleOptions extends RuleOptions, CountryLimitOptions {
  /**
   * Countries with limits of their own, by ISO 3166 code, in place of those above; networks of no country by their
   * calling code, such as `+883`.
   *
   * @default none
   */
  readonly only?: Readonly<Record<string, CountryLimitOptions>> | undefined
}

/** All messages of the application. */
export interface ApplicationRuleOptions extends RuleOptions, CountryLimitOptions {
  /**
   * The part of the limits that new phones may use: the rest is for people who sign in.
   *
   * @default 0.5
   */
  readonly newShare?: number | undefined
}

/** Prices of a message by ISO 3166 code or calling code; `*` is that of all others. */
export type PriceList = Readonly<Record<string, number>>

/** What all messages cost. */
export interface SpendRuleOptions extends RuleOptions {
  /**
   * What messages may cost an hour, in `currency`.
   *
   * @default no limit
   */
  readonly perHour?: number | undefined
  /**
   * What messages may cost a day, in `currency`.
   *
   * @default no limit
   */
  readonly perDay?: number | undefined
  /** The currency of the prices, such as `USD`. It is only shown: beside `cost` in `send_decided`. */
  readonly currency: string
  /** What one message costs, exact to a millionth; of a country that is not listed, `*` or else the dearest. */
  readonly price: PriceList | ((phone: string, channel: Channel) => number)
  /**
   * The part of the limits that new phones may use: the rest is for people who sign in.
   *
   * @default 0.5
   */
  readonly newShare?: number | undefined
}

/** A rule that looks at what became of earlier messages. */
export interface OutcomeRuleOptions {
  /**
   * What becomes of a send that the rule finds unusual. Look at what is recorded for some weeks before you refuse.
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
  /** Phones that share all but their last four digits with one for which a vendor has reported fraud. */
  readonly blocked?: RuleOptions | undefined
  /**
   * Messages to a country, a prefix or a network of which unusually many bring no right code. Refuses phones that are not
   * `known`.
   */
  readonly unverified?: OutcomeRuleOptions | undefined
  /**
   * New phones of which a vendor has reported two failures in a day and no delivery. Prefixes of which most reports are
   * failures are recorded, never refused. Needs `receipts`.
   */
  readonly failed?: OutcomeRuleOptions | undefined
}

/** The name of a rule. */
export type RuleName = keyof LimitRules
