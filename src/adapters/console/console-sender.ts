/** Prints messages instead of sending them, and keeps them for tests and demonstrations to read. */

import { ConfigurationError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import type { CodeSender, SendResult } from '../../factors/phone/ports/code-sender.js'

/** A message that was printed. */
export interface InboxMessage {
  readonly to: string
  /** Empty for a message without a code. */
  readonly code: string
  readonly text: string
  readonly sentAt: Date
}

/** A sender with an inbox. */
export interface ConsoleSender extends CodeSender {
  /** Returns the last 500 messages, newest first; only those to one phone if `to` is given. */
  inbox(to?: string): readonly InboxMessage[]
}

/** Options of `consoleSender`. */
export interface ConsoleSenderOptions {
  /**
   * Prints one line. Pass `() => {}` to only fill the inbox.
   *
   * @default `console.log`
   */
  readonly print?: ((line: string) => void) | undefined
  /**
   * Milliseconds since the epoch, for `sentAt`.
   *
   * @default `Date.now`
   */
  readonly clock?: (() => number) | undefined
}

const inboxSize = 500

/**
 * Makes a sender that stands in for SMS during development.
 *
 * @throws ConfigurationError if `NODE_ENV` is `production`, because codes must never reach a log.
 * @example
 * const sender = consoleSender()
 */
export function consoleSender(options: ConsoleSenderOptions = {}): ConsoleSender {
  if (process.env['NODE_ENV'] === 'production') {
    throw new ConfigurationError(
      'consoleSender prints codes and refuses NODE_ENV=production; configure a real sender, such as twilioSender, or ' +
        'factors: [totp(), recoveryCodes()] if nothing can be sent',
    )
  }
  assertKnownOptions('consoleSender', options, { print: true, clock: true })
  const { print = console.log, clock = Date.now } = options
  const messages: InboxMessage[] = []
  const take = (to: string, code: string, text: string): Promise<SendResult> => {
    messages.unshift({ to, code, text, sentAt: new Date(clock()) })
    messages.splice(inboxSize)
    print(`[second factor] to ${to}: ${text}`)
    return Promise.resolve({ status: 'sent' })
  }
  return {
    channel: 'sms',
    send: ({ to, code, text }) => take(to, code.reveal(), text.reveal()),
    notify: ({ to, text }) => take(to, '', text),
    inbox(to) {
      return messages.filter((message) => to === undefined || message.to === to)
    },
  }
}
