/** Every text of the pages, by name: what a language consists of. */

import type { RefusalCode } from '../../core/refusal.js'
import type { Channel, DeliveryReason } from '../../core/state.js'

/** A text that depends on a count, by the plural rules of its language. */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & {
  readonly other: string
}

/** The texts of one language. In braces stands what is filled in; nothing in a text is taken for HTML. */
export interface PageTexts {
  /** Headings, which are also the titles in the browser. */
  readonly headings: Readonly<
    Record<'challenge' | 'confirmNumber' | 'passed' | 'phone' | 'message', string>
  >
  /** Where the code went: `{number}`, masked, and `{digits}`, how many it has. */
  readonly sent: Readonly<Record<Channel, string>>
  /** How long the code is good for: `{duration}`. */
  readonly validFor: string
  /** How many wrong codes there may still be: `{count}`. */
  readonly triesLeft: Plural
  readonly noTriesLeft: string
  /** After a resend. */
  readonly sentAgain: string
  /** The label of the code's field, and what it takes: `{digits}`. */
  readonly code: string
  readonly codeFormat: string
  readonly confirm: string
  /** What to do where no message came. */
  readonly nothingCame: string
  readonly nothingCameAdvice: string
  /** The buttons that send: a first code, the same again, and one by another channel. */
  readonly send: string
  readonly sendAgain: string
  readonly sendBy: Readonly<Record<Channel, string>>
  /** When the next message may be asked for: `{duration}`; and what is said when the wait is over. */
  readonly sendIn: string
  readonly sendNow: string
  readonly otherNumber: string
  readonly otherAccount: string
  readonly logIn: string
  readonly toChallenge: string
  /** On the challenge page of a session that has passed. */
  readonly passed: string
  readonly goOn: string
  readonly confirmAgain: string
  readonly changeNumber: string
  /** The phone page. `{example}` is a number as it may be written; `{number}` the one of now, masked. */
  readonly phone: string
  readonly phoneUse: string
  readonly phoneExample: string
  readonly phoneNow: string
  /** Where a message can be sent to the number that another takes the place of. */
  readonly phoneTold: string
  readonly phoneSend: string
  readonly smsIsWeak: string
  readonly neverShare: string
  /** Why something was refused, and what to do. */
  readonly refusals: Readonly<Record<RefusalCode, string>>
  /** After a refusal with a wait: `{duration}`; after a lock with an end: `{time}`; after one without. */
  readonly tryAgainIn: string
  readonly lockedUntil: string
  readonly contactSupport: string
  /** Why a message did not arrive. */
  readonly notDelivered: Readonly<Record<DeliveryReason, string>>
}
