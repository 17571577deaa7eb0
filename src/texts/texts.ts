/** Every text of the pages, by name: what a language consists of. */

import type { SharedRefusalCode } from '../core/refusal.js'

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
export interface Texts {
  /** Headings, which are also the titles in the browser. */
  readonly headings: Readonly<Record<'passed' | 'message', string>>
  /** How many wrong codes there may still be: `{count}`. */
  readonly triesLeft: Plural
  readonly noTriesLeft: string
  /** The label of a code's field, and of its button. */
  readonly code: string
  readonly confirm: string
  readonly otherAccount: string
  readonly logIn: string
  readonly toChallenge: string
  /** On the page of a session that has passed. */
  readonly passed: string
  readonly goOn: string
  /** Why something was refused, and what to do. */
  readonly refusals: Readonly<Record<SharedRefusalCode | RequestRefusalCode, string>>
  /** After a refusal with a wait: `{duration}`; after a lock with an end: `{time}`; after one without. */
  readonly tryAgainIn: string
  readonly lockedUntil: string
  readonly contactSupport: string
  readonly phone: PhoneTexts
}

type Channel = 'sms' | 'call' | 'whatsapp'

/** The texts about phones and sent codes. */
export interface PhoneTexts {
  readonly headings: Readonly<Record<'challenge' | 'verify' | 'phone', string>>
  /** Where the code went: `{number}`, the masked phone, and `{digits}`, how many it has. */
  readonly sent: Readonly<Record<Channel, string>>
  /** How long the code is good for: `{duration}`. */
  readonly validFor: string
  /** After a resend. */
  readonly sentAgain: string
  /** What the code's field takes: `{digits}`. */
  readonly codeFormat: string
  /** Advice where no message came. */
  readonly nothingCame: string
  readonly nothingCameAdvice: string
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
  /** The phone page. `{example}` is a phone as it may be written; `{number}` the present one, masked. */
  readonly label: string
  readonly use: string
  readonly example: string
  /** Where a refused phone begins without `+`: `{example}`. */
  readonly countryCode: string
  readonly present: string
  /** Where a message can be sent to the phone that another takes the place of. */
  readonly replacedNotice: string
  readonly sendToPhone: string
  readonly smsIsWeak: string
  readonly neverShare: string
  /** Why a message did not arrive. */
  readonly notDelivered: Readonly<
    Record<'unreachable' | 'number_invalid' | 'blocked' | 'not_delivered', string>
  >
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
}
