/** The text messages that the phone sends: what a language consists of, and the small words in them. */

/** The parts of the message for a code. Nothing that a user or a client controls is among them. */
export interface MessageParts {
  readonly code: string
  /** The name a person knows the application by, or an empty string. */
  readonly appName: string
  /** Whole minutes the code lives, at least 1. */
  readonly minutes: number
  /** The language to write in: one that a text is configured for, never a tag as a client sent it. */
  readonly locale: string
}

/** Writes the text of a message for a code, without the line for autofill. */
export type MessageTemplate = (parts: MessageParts) => string

/** The parts of the message to a phone that was replaced. */
export interface ReplacedParts {
  /** The name a person knows the application by, or an empty string. */
  readonly appName: string
  /** The last two digits of the phone in its place. */
  readonly lastDigits: string
  /** The language to write in: one that a text is configured for. */
  readonly locale: string
}

/** Writes the text of the message to a phone that was replaced. */
export type ReplacedTemplate = (parts: ReplacedParts) => string

/**
 * The messages of one language. The first wording that fits one SMS is used: all but the Devanagari and the Arabic
 * ones keep to the characters of GSM-7. It has no "ó": people write "codigo" in messages.
 */
export interface PhoneMessages {
  readonly code: readonly MessageTemplate[]
  readonly replaced: readonly ReplacedTemplate[]
  /** What has happened to the other factors of the phone's owner. */
  readonly changed: Readonly<Record<FactorChangeName, readonly ChangedTemplate[]>>
}

/** What may happen to a person's factors. */
export type FactorChangeName = 'added' | 'removed' | 'recovery_code_used' | 'reset'

/** Writes the text of a message about such a change; the name is the application's, or an empty string. */
export type ChangedTemplate = (appName: string) => string

/** The name before the message: "Example: …". */
export function titled(appName: string): string {
  return appName === '' ? '' : `${appName}: `
}
