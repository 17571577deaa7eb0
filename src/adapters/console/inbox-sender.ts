/** A sender for tests. It sends and prints nothing, and keeps each message for the test to read. */

import { assertKnownOptions } from '../../core/known-options.js'
import { assertNotProduction } from '../../core/not-production.js'
import type { CodeSender } from '../../factors/phone/ports/code-sender.js'
import { consoleSender, type InboxMessage } from './console-sender.js'

/** A sender whose messages a test can read. */
export interface InboxSender extends CodeSender {
  /** Returns the last message; the last to one phone, in E.164, if `to` is given. */
  latest(to?: string): InboxMessage | undefined
  /** Returns the last 500 messages, newest first; only those to one phone if `to` is given. */
  messages(to?: string): readonly InboxMessage[]
}

/** Options of `inboxSender`. */
export interface InboxSenderOptions {
  /**
   * The channel of the sender that it stands in for.
   *
   * @default 'sms'
   */
  readonly channel?: CodeSender['channel'] | undefined
  /**
   * Milliseconds since the epoch, for `sentAt`. Pass the application's clock.
   *
   * @default `Date.now`
   */
  readonly clock?: (() => number) | undefined
}

const optionNames = { channel: true, clock: true } as const satisfies Record<
  keyof InboxSenderOptions,
  true
>

/**
 * Makes a sender for tests.
 *
 * @throws ConfigurationError if `NODE_ENV` is `production`.
 * @example
 * const inbox = inboxSender()
 * const app = createApp({ sender: inbox })
 * // … log in as somebody with the phone +237 671 23 45 67, then:
 * inbox.latest('+237671234567')?.code
 */
export function inboxSender(options: InboxSenderOptions = {}): InboxSender {
  assertNotProduction('inboxSender', process.env)
  assertKnownOptions('inboxSender', options, optionNames)
  const { channel = 'sms', clock } = options
  const sender = consoleSender({ print: () => undefined, clock })
  const messages = (to?: string) => sender.inbox(to)
  return { ...sender, channel, messages, latest: (to) => messages(to)[0] }
}
