/** Every text of the pages, by name: what a language consists of. */

import type { SharedRefusalCode } from '../core/refusal.js'
import type { HeldTexts } from './held/held-texts.js'

/** A text that depends on a count, by the plural rules of its language. */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & {
  readonly other: string
}

/** Refusals of requests that no rule of the second factor has seen yet. */
export type RequestRefusalCode =
  'method_not_allowed' | 'body_too_large' | 'unsupported_media_type' | 'cross_site_request'

declare module '../core/refusal.js' {
  /** The codes of requests that are refused before anything is judged. */
  interface RefusalCodes extends Readonly<Record<RequestRefusalCode, true>> {}
}

/** The texts of one language. In braces stands what is filled in; nothing in a text is taken for HTML. */
export interface Texts extends HeldTexts {
  /** Headings, which are also the titles in the browser. */
  readonly headings: Readonly<Record<'passed' | 'message', string>>
  /** The title in the browser where something was refused: `{heading}`. */
  readonly errorTitle: string
  /** Whose login it is: `{account}`, as the application names it. */
  readonly account: string
  /** Before the way to the application's support; and the words of its link where it has none of its own. */
  readonly help: string
  readonly support: string
  /** The sentence where nothing else helps. */
  readonly contactSupport: string
  /** In place of a button's own words while its form is on its way. */
  readonly working: string
  /** How many wrong codes there may still be: `{count}`; and the whole sentence for the last of them. */
  readonly triesLeft: Plural
  readonly noTriesLeft: string
  /** The label of a code's field, and of its button. */
  readonly code: string
  readonly confirm: string
  readonly otherAccount: string
  readonly logIn: string
  readonly toChallenge: string
  /** The same where a lock was in the way. */
  readonly tryAgain: string
  /** On the page of a session that has passed. */
  readonly passed: string
  readonly goOn: string
  /** Why something was refused, and what to do. */
  readonly refusals: Readonly<Record<SharedRefusalCode | RequestRefusalCode, string>>
  /** The same where it is known how long to wait, `{duration}`, and until when, `{time}`. */
  readonly waits: Readonly<
    Record<'attempts_exhausted' | 'locked_out' | 'store_unavailable', string>
  >
  /** For the wrong code that has brought a lock, and until when: `{time}`. */
  readonly lockedNow: string
  /** Behind any other refusal with a wait: `{duration}`. */
  readonly tryAgainIn: string
  readonly factors: FactorTexts
  readonly devices: DeviceTexts
  readonly phone: PhoneTexts
}

/** The texts about trusted devices. */
export interface DeviceTexts {
  /** The check box of a form: `{count}` days; and what it means. */
  readonly trust: Plural
  readonly trustHint: string
  /** The list of them. */
  readonly heading: string
  readonly intro: string
  readonly current: string
  readonly unnamed: string
  /** When the trust ends: `{time}`. */
  readonly until: string
  readonly remove: string
  readonly removeAll: string
}

/** The texts about factors of every kind: the links between them, and the page on which people manage them. */
export interface FactorTexts {
  /** The page that lists what is held: its heading and first sentence. */
  readonly heading: string
  readonly intro: string
  /** The same page where nothing is held yet; and until when, where there is time: `{time}`. */
  readonly choose: string
  readonly chooseIntro: string
  readonly dueBy: string
  /** The heading of the links to other factors. */
  readonly otherWays: string
  /** When something was added, and used last: `{time}`; and where it never was. */
  readonly added: string
  readonly used: string
  readonly notUsed: string
  /** Where the secret is gone that something is sealed under. */
  readonly unusable: string
  /** The label of a name's field, and buttons. */
  readonly itemName: string
  readonly rename: string
  readonly remove: string
  readonly cancel: string
  readonly back: string
  /** Links to that page, and past it. */
  readonly manage: string
  readonly notNow: string
}

type Channel = 'sms' | 'call' | 'whatsapp'

/** The texts about phones and sent codes. */
export interface PhoneTexts {
  /** On the page where people manage their factors, and on links to and from it. */
  readonly manage: Readonly<
    Record<'name' | 'use' | 'add' | 'change' | 'messagesOff' | 'messagesOn' | 'areOff', string>
  >
  readonly headings: Readonly<Record<'challenge' | 'verify' | 'phone', string>>
  /** Where the code went: `{number}`, the last digits of the phone, and `{digits}`, how many the code has. */
  readonly sent: Readonly<Record<Channel, string>>
  /** What to type: a code of `{digits}`, or a phone. */
  readonly enterCode: string
  readonly enterPhone: string
  /** How long the code is good for: `{duration}`. */
  readonly validFor: string
  /** After a resend. */
  readonly sentAgain: string
  /** What the code's field takes: `{digits}`. */
  readonly codeFormat: string
  /** Where the code that runs was asked for in another browser. */
  readonly elsewhere: string
  /** Where the day's messages are spent, and no code runs. */
  readonly limitReached: string
  /** Once a phone has taken the place of another: `{number}`, the last digits of the new one. */
  readonly changed: string
  /** Advice where no message came; for a phone that was typed a moment ago; for one that is lost, without and with others. */
  readonly nothingCame: string
  readonly nothingCameAdvice: string
  readonly checkPhone: string
  readonly lostPhone: string
  readonly lostPhoneOther: string
  /** The buttons that send: a first code, the same again, and one by another channel. */
  readonly send: string
  readonly sendAgain: string
  readonly sendBy: Readonly<Record<Channel, string>>
  /** When the next message may be asked for: `{duration}`; and the text once the wait is over. */
  readonly sendIn: string
  readonly sendNow: string
  /** The button of a session that has passed. */
  readonly confirmAgain: string
  readonly otherPhone: string
  readonly changePhone: string
  /** The phone page. `{example}` is a phone as it may be written; `{number}` the last digits of the present one. */
  readonly label: string
  readonly use: string
  readonly example: string
  /** Where a refused phone begins without `+`: `{example}`. */
  readonly countryCode: string
  readonly present: string
  /** Where a message can be sent to the phone that another takes the place of. */
  readonly replacedNotice: string
  readonly sendToPhone: string
  /** Where the application offers other factors. */
  readonly smsIsWeak: string
  readonly neverShare: string
  /** Why a message did not arrive. */
  readonly notDelivered: Readonly<
    Record<'unreachable' | 'number_invalid' | 'blocked' | 'not_delivered', string>
  >
  /** Where the phone of the account takes no codes; what helps then; and after a "STOP". */
  readonly unusable: string
  readonly useOtherPhone: string
  readonly optIn: string
  /** Why something was refused, and what to do. */
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
  /** The same where it is known how long to wait: `{duration}`. */
  readonly waits: Readonly<
    Record<'cooldown' | 'send_limit' | 'delivery_failed' | 'delivery_unavailable', string>
  >
}
