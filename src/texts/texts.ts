/** The texts that a language has to provide for the pages. */

import type { SharedRefusalCode } from '../core/refusal.js'
import type { HeldTexts } from './held/held-texts.js'

/** A text with plural forms, by the plural rules of its language. */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & {
  readonly other: string
}

/** Refusals of invalid HTTP requests. */
export type RequestRefusalCode =
  'method_not_allowed' | 'body_too_large' | 'unsupported_media_type' | 'cross_site_request'

declare module '../core/refusal.js' {
  /** Codes for requests that are refused before any rule runs. */
  interface RefusalCodes extends Readonly<Record<RequestRefusalCode, true>> {}
}

/** The texts of one language. Placeholders are in braces. Texts are escaped, so they cannot contain HTML. */
export interface Texts extends HeldTexts {
  /** Headings, also used as page titles. */
  readonly headings: Readonly<Record<'passed' | 'message', string>>
  /** The page title after a refusal: `{heading}`. */
  readonly errorTitle: string
  /** The account that is logging in: `{account}`. */
  readonly account: string
  /** The text before the support link, and the link's default label. */
  readonly help: string
  readonly support: string
  /** The advice if nothing else helps. */
  readonly contactSupport: string
  /** A button's label while its form is being submitted. */
  readonly working: string
  /** The attempts left: `{count}`; and the sentence for none left. */
  readonly triesLeft: Plural
  readonly noTriesLeft: string
  /** The labels of a code's field and of its button. */
  readonly code: string
  readonly confirm: string
  readonly otherAccount: string
  readonly logIn: string
  readonly toChallenge: string
  /** The same link after a lock. */
  readonly tryAgain: string
  /** The text and the link on the page of a session that has passed. */
  readonly passed: string
  readonly goOn: string
  /** The reason for each refusal, and what to do. */
  readonly refusals: Readonly<Record<SharedRefusalCode | RequestRefusalCode, string>>
  /** The same with a known wait, `{duration}`, and its end, `{time}`. */
  readonly waits: Readonly<
    Record<'attempts_exhausted' | 'locked_out' | 'store_unavailable', string>
  >
  /** The sentence after the wrong code that caused a lock, until `{time}`. */
  readonly lockedNow: string
  /** The sentence after any other refusal with a wait: `{duration}`. */
  readonly tryAgainIn: string
  readonly factors: FactorTexts
  readonly devices: DeviceTexts
  readonly phone: PhoneTexts
}

/** The texts about trusted devices. */
export interface DeviceTexts {
  /** The label of the check box, with `{count}` days; and the hint below it. */
  readonly trust: Plural
  readonly trustHint: string
  /** The list of trusted devices. */
  readonly heading: string
  readonly intro: string
  readonly current: string
  readonly unnamed: string
  /** When the trust ends: `{time}`. */
  readonly until: string
  readonly remove: string
  readonly removeAll: string
}

/** The texts about factors of every kind: the links between them, and the management page. */
export interface FactorTexts {
  /** The heading and first sentence of the management page. */
  readonly heading: string
  readonly intro: string
  /** The same for a user without factors; and the end of the grace period, if any: `{time}`. */
  readonly choose: string
  readonly chooseIntro: string
  readonly dueBy: string
  /** The heading of the links to other factors. */
  readonly otherWays: string
  /** When an item was added, and last used: `{time}`; and the text if it never was. */
  readonly added: string
  readonly used: string
  readonly notUsed: string
  /** For an item whose secret can no longer be read. */
  readonly unusable: string
  /** The label of a name's field, and buttons. */
  readonly itemName: string
  readonly rename: string
  readonly remove: string
  readonly cancel: string
  readonly back: string
  /** The links to the management page, and to skip it. */
  readonly manage: string
  readonly notNow: string
}

type Channel = 'sms' | 'call' | 'whatsapp'

/** The texts about phones and sent codes. */
export interface PhoneTexts {
  /** On the management page, and on links to and from it. */
  readonly manage: Readonly<
    Record<'name' | 'use' | 'add' | 'change' | 'messagesOff' | 'messagesOn' | 'areOff', string>
  >
  readonly headings: Readonly<Record<'challenge' | 'verify' | 'phone', string>>
  /** The phone that got the code: `{number}`, its last digits; and `{digits}`, the length of the code. */
  readonly sent: Readonly<Record<Channel, string>>
  /** The instruction to enter a code of `{digits}`, or a phone. */
  readonly enterCode: string
  readonly enterPhone: string
  /** The code's remaining lifetime: `{duration}`. */
  readonly validFor: string
  /** After a resend. */
  readonly sentAgain: string
  /** The format of the code's field: `{digits}`. */
  readonly codeFormat: string
  /** If another browser requested the running code. */
  readonly elsewhere: string
  /** If the day's messages are used up and no code is running. */
  readonly limitReached: string
  /** After a phone replaced another: `{number}`, the last digits of the new one. */
  readonly changed: string
  /** Advice if no message came; for a phone just entered; for a lost phone, without and with other factors. */
  readonly nothingCame: string
  readonly nothingCameAdvice: string
  readonly checkPhone: string
  readonly lostPhone: string
  readonly lostPhoneOther: string
  /** The buttons to send a first code, to send it again, and to send it by another channel. */
  readonly send: string
  readonly sendAgain: string
  readonly sendBy: Readonly<Record<Channel, string>>
  /** The wait until the next message: `{duration}`; and the text once it is over. */
  readonly sendIn: string
  readonly sendNow: string
  /** The button of a session that has passed. */
  readonly confirmAgain: string
  readonly otherPhone: string
  readonly changePhone: string
  /** The phone page. `{example}` is an example phone; `{number}` is the last digits of the current one. */
  readonly label: string
  readonly use: string
  readonly example: string
  /** If a refused phone had no `+`: `{example}`. */
  readonly countryCode: string
  readonly present: string
  /** If the replaced phone will get a message. */
  readonly replacedNotice: string
  readonly sendToPhone: string
  /** If the application offers other factors. */
  readonly smsIsWeak: string
  readonly neverShare: string
  /** The reasons why a message did not arrive. */
  readonly notDelivered: Readonly<
    Record<'unreachable' | 'number_invalid' | 'blocked' | 'not_delivered', string>
  >
  /** If the account's phone cannot get codes; the advice; and the advice after a "STOP". */
  readonly unusable: string
  readonly useOtherPhone: string
  readonly optIn: string
  /** The reason for each refusal, and what to do. */
  readonly refusals: Readonly<
    Record<
      | 'destination_missing'
      | 'destination_invalid'
      | 'destination_blocked'
      | 'unknown_number'
      | 'cooldown'
      | 'send_limit'
      | 'delivery_failed'
      | 'service_misconfigured'
      | 'delivery_unavailable',
      string
    >
  >
  /** The same with a known wait: `{duration}`. */
  readonly waits: Readonly<
    Record<'cooldown' | 'send_limit' | 'delivery_failed' | 'delivery_unavailable', string>
  >
}
