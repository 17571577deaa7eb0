/** The text messages that a language has to provide. */

/** The values in a message with a code. None of them is controlled by a user or a client. */
export interface MessageParts {
  readonly code: string
  /** The application's name, or an empty string. */
  readonly appName: string
  /** The code's lifetime in whole minutes, at least 1. */
  readonly minutes: number
  /** The language to write in. Always one that has a template, never a tag from a client. */
  readonly locale: string
}

/** Returns the text of a message with a code, without the line for autofill. */
export type MessageTemplate = (parts: MessageParts) => string

/** The values in the message to a replaced phone. */
export interface ReplacedParts {
  /** The application's name, or an empty string. */
  readonly appName: string
  /** The last two digits of the new phone. */
  readonly lastDigits: string
  /** The language to write in. Always one that has a template. */
  readonly locale: string
}

/** Returns the text of the message to a replaced phone. */
export type ReplacedTemplate = (parts: ReplacedParts) => string

/**
 * The messages of one language, each in several wordings. The first that fits one SMS is sent. All but those in
 * Devanagari and Arabic script use only GSM-7 characters. GSM-7 has no "ó", so messages say "codigo".
 */
export interface PhoneMessages {
  readonly code: readonly MessageTemplate[]
  readonly replaced: readonly ReplacedTemplate[]
  /** Messages about changes to the user's other factors. */
  readonly changed: Readonly<Record<FactorChangeName, readonly ChangedTemplate[]>>
}

/** The kinds of changes to a user's factors. */
export type FactorChangeName = 'added' | 'removed' | 'recovery_code_used' | 'reset'

/** Returns the text of a message about a change. `appName` can be empty. */
export type ChangedTemplate = (appName: string) => string

/** The prefix of a message, such as "Example: "; empty without a name. */
export function titled(appName: string): string {
  return appName === '' ? '' : `${appName}: `
}
