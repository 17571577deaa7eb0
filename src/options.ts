/** The options of `createSecondFactor`, and what they mean. */

import type { MessageOptions } from './core/message.js'
import type { PhoneOptions } from './core/phone.js'
import type { PolicyOptions } from './core/policy.js'
import type { PagesOptions } from './pages/options.js'
import type { Views } from './pages/page.js'
import type { CodeSender } from './ports/code-sender.js'
import type { EventSink } from './ports/event-sink.js'
import type { HostedVerifier } from './ports/hosted-verifier.js'
import type { ReceiptSource } from './ports/receipt-source.js'
import type { StateStore } from './ports/state-store.js'
import type { UserDirectory } from './ports/user-directory.js'

/** What `createSecondFactor` is made of: `store`, `users`, and a `sender` with a `secret`, or a `verifier`. */
export interface SecondFactorOptions<User> {
  /**
   * Derives the codes: at least 32 bytes, kept out of the code base. With several, the first makes new
   * codes and all verify, so that a secret can be replaced without ending anybody's challenge. Required
   * with a `sender`; a `verifier` needs none.
   */
  readonly secret?: string | readonly string[] | undefined
  /** Keeps one row per user: `sequelizeStore`, `memoryStore`, or your own. */
  readonly store: StateStore
  /**
   * Sends codes of our own: `twilioSender`, `consoleSender`, or yours; several where each has a channel of
   * its own, the default first. Either this or `verifier`.
   */
  readonly sender?: CodeSender | readonly CodeSender[] | undefined
  /** Makes, sends and judges codes of its own under the limits here: `twilioVerify`. */
  readonly verifier?: HostedVerifier | undefined
  /**
   * Vendors that report deliveries to `receiptsRouter()`: `twilioReceipts`, `textbeeReceipts`, or yours. Goes with
   * a `sender`; each start then takes one more read and write. Default: none.
   */
  readonly receipts?: readonly ReceiptSource[] | undefined
  /** What this package needs to know of your users. */
  readonly users: UserDirectory<User>
  /** The limits. Default: `defaultPolicy`. */
  readonly policy?: PolicyOptions | undefined
  /** Which numbers are taken. Default: numbers in international form, of any country. */
  readonly phone?: PhoneOptions | undefined
  /** How messages read. Default: a sentence with `appName`, in the person's language or in English. */
  readonly message?: MessageOptions | undefined
  /** Hears every decision, without secrets. Default: nobody does. */
  readonly events?: EventSink | undefined
  /** The application's name, on pages and, unless `message.appName` is another, in messages. Default: none. */
  readonly appName?: string | undefined
  /** The strategy's name for Passport. Default `second-factor`. */
  readonly name?: string | undefined
  /** Where the application mounts `router()`, as browsers see it. Default `/second-factor`. */
  readonly mountPath?: string | undefined
  /** The page of the password login; browsers that are not logged in are led there. Default: none. */
  readonly loginPath?: string | undefined
  /** Where a form of yours ends the login by POST; the pages then offer to use another account. Default: none. */
  readonly logoutPath?: string | undefined
  /** Where people go after the second factor, if no page sent them here. Default `/`. */
  readonly defaultReturnTo?: string | undefined
  /**
   * Origins that are this application's own beside the request's host, such as `https://example.com` behind a
   * proxy that changes `Host`. They count where a browser sends no `Sec-Fetch-Site`. Default: none.
   */
  readonly origins?: readonly string[] | undefined
  /** How the default pages look, and the languages they speak. */
  readonly pages?: PagesOptions | undefined
  /** Your own views in place of the default pages, by page. Default: none. */
  readonly views?: Views | undefined
  /** Seconds a process may believe a grant without reading it again, at most 60. Default 0. */
  readonly grantCacheSeconds?: number | undefined
  /** Seconds to wait for one call to the store, at most 60. Default 5. */
  readonly storeTimeoutSeconds?: number | undefined
  /** Milliseconds since the epoch. Default `Date.now`; tests inject their own. */
  readonly clock?: (() => number) | undefined
}
