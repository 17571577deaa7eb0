/** The options of `createSecondFactor`, and what they mean. */

import type { PolicyOptions } from './core/policy.js'
import type { ChallengePage, PhonePage } from './factors/phone/pages/models.js'
import type { PhoneFactorOptions } from './factors/phone/options.js'
import type { PhoneDirectory } from './factors/phone/ports/phone-directory.js'
import type { PagesOptions as LookOptions } from './pages/options.js'
import type { MessagePage, View } from './pages/page.js'
import type { EventSink } from './ports/event-sink.js'
import type { FactorDefinition } from './ports/factor.js'
import type { StateStore } from './ports/state-store.js'
import type { UserDirectory as SharedDirectory } from './ports/user-directory.js'

/** The application's users, as callbacks. */
export interface UserDirectory<User> extends SharedDirectory<User>, PhoneDirectory<User> {}

/** The application's own views; a page without one is the default page. */
export interface Views {
  readonly challenge?: View<ChallengePage> | undefined
  readonly phone?: View<PhonePage> | undefined
  readonly message?: View<MessagePage> | undefined
}

/** How the pages look and speak. */
export interface PagesOptions extends Omit<LookOptions, 'views'> {
  /**
   * Views of your own in place of the default pages, by page.
   *
   * @default none
   */
  readonly views?: Views | undefined
}

/**
 * What `createSecondFactor` is made of: `store`, `users`, and at least one factor. A `sender` with a `secret`, or a
 * `verifier`, makes the phone a factor.
 */
export interface SecondFactorOptions<User> extends Omit<PhoneFactorOptions<User>, 'users'> {
  /**
   * Derives codes: at least 32 bytes, kept out of the code base. With several, the first makes new
   * codes and all verify, so that a secret can be replaced without ending anybody's challenge. Required
   * with a `sender`; a `verifier` needs none.
   */
  readonly secret?: string | readonly string[] | undefined
  /** Keeps one row per user: `sequelizeStore`, `memoryStore`, or your own. */
  readonly store: StateStore
  /** What this package needs to know of your users. */
  readonly users: UserDirectory<User>
  /**
   * Further factors, the preferred first. They come before the phone.
   *
   * @default none
   */
  readonly factors?: readonly FactorDefinition<User>[] | undefined
  /**
   * The limits.
   *
   * @default `defaultPolicy`
   */
  readonly policy?: PolicyOptions | undefined
  /**
   * Receives every decision, without secrets.
   *
   * @default nobody does
   */
  readonly events?: EventSink | undefined
  /**
   * The application's name, on pages and, unless `message.appName` is another, in messages.
   *
   * @default none
   */
  readonly appName?: string | undefined
  /**
   * The strategy's name for Passport.
   *
   * @default 'second-factor'
   */
  readonly strategyName?: string | undefined
  /**
   * Where the application mounts `router()`, as browsers see it.
   *
   * @default '/second-factor'
   */
  readonly mountPath?: string | undefined
  /**
   * The page of the password login; browsers that are not logged in are redirected there.
   *
   * @default none
   */
  readonly loginPath?: string | undefined
  /**
   * Where a form of yours ends the login by POST; the pages then offer to use another account.
   *
   * @default none
   */
  readonly logoutPath?: string | undefined
  /**
   * Where people go after the second factor, if no page sent them here.
   *
   * @default '/'
   */
  readonly defaultReturnTo?: string | undefined
  /**
   * Origins that are this application's own beside the request's host, such as `https://example.com` behind a
   * proxy that changes `Host`. They count where a browser sends no `Sec-Fetch-Site`.
   *
   * @default none
   */
  readonly origins?: readonly string[] | undefined
  /**
   * How the pages look, and the languages they speak.
   *
   * @default the default look, in the languages that come with the package
   */
  readonly pages?: PagesOptions | undefined
  /**
   * Seconds a process may trust a grant without reading it again, at most 60.
   *
   * @default 0
   */
  readonly grantCacheSeconds?: number | undefined
  /**
   * Timeout of one call to the store in seconds, at most 60.
   *
   * @default 5
   */
  readonly storeTimeoutSeconds?: number | undefined
  /**
   * Milliseconds since the epoch; tests inject their own.
   *
   * @default `Date.now`
   */
  readonly clock?: (() => number) | undefined
}
