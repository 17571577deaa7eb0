/** The text of a message. */

import { ConfigurationError } from './errors.js'
import { Sensitive } from './sensitive.js'

/** What a template may say. Nothing a user controls is among it. */
export interface MessageParts {
  readonly code: string
  readonly appName: string
  /** Whole minutes the code lives, at least 1. */
  readonly minutes: number
  readonly locale: string | null
}

/** How messages read. */
export interface MessageOptions {
  /** The name a person knows the application by. Default: none is said. */
  readonly appName?: string | undefined
  /** Writes the text. Default: a plain English sentence. */
  readonly template?: ((parts: MessageParts) => string) | undefined
}

/** Writes the text of a message for a code. */
export type ComposeMessage = (
  code: string,
  validForSeconds: number,
  locale: string | null,
) => Sensitive

/**
 * Makes the composer, and tries it once.
 *
 * @throws ConfigurationError where a template leaves the code out.
 */
export function messageComposer(options: MessageOptions, digits: number): ComposeMessage {
  const { appName = '', template = plainText } = options
  const write = (code: string, seconds: number, locale: string | null) =>
    template({ code, appName, minutes: Math.max(1, Math.ceil(seconds / 60)), locale })
  const sample = '0'.repeat(digits)
  if (typeof write(sample, 300, null) !== 'string' || !write(sample, 300, null).includes(sample)) {
    throw new ConfigurationError('message.template must return a text that holds the code')
  }
  return (code, validForSeconds, locale) => new Sensitive(write(code, validForSeconds, locale))
}

function plainText({ code, appName, minutes }: MessageParts): string {
  const whose = appName === '' ? 'your code' : `your ${appName} code`
  return `${code} is ${whose}. It is valid for ${minutes} min. Do not share it.`
}
