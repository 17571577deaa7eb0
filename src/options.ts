/** The options of `createSecondFactor`, and what they mean. */

import type { PolicyOptions } from './core/policy.js'
import type { HostRequest } from './express/context.js'
import type { CsrfOptions } from './express/csrf-field.js'
import type { PagesOptions as LookOptions } from './pages/options.js'
import type { FactorsPage } from './pages/factors-page.js'
import type { OperationsOptions } from './operations/options.js'
import type { MessagePage, View } from './pages/page.js'
import type { AuditLog } from './ports/audit-log.js'
import type { EventSink } from './ports/event-sink.js'
import type { FactorDefinition } from './ports/factor-tools.js'
import type { EnrolmentOptions } from './resolve-enrolment.js'
import type { StateStore } from './ports/state-store.js'
import type { UserDirectory as SharedDirectory } from './ports/user-directory.js'
import type { TrustedDevicesOptions } from './resolve-trust.js'
import type { ShippedDirectory, ShippedOptions, ShippedViews } from './shipped-factors.js'

export type { EnrolmentOptions, TrustedDevicesOptions }

/** The application's users, as callbacks. */
export interface UserDirectory<User>
  extends SharedDirectory<User, HostRequest>, ShippedDirectory<User> {}

/** The application's own views; a page without one is the default page. */
export interface Views extends ShippedViews {
  readonly message?: View<MessagePage> | undefined
  readonly factors?: View<FactorsPage> | undefined
}

/** How the pages look and speak. */
export interface PagesOptions extends Omit<LookOptions, 'views'> {
  /**
   * The token of csurf, csrf-sync, csrf-csrf or another package of yours that checks forms: every form of the pages carries
   * it, so that `router()` and the logout may stand below that package.
   *
   * @default none; the router refuses requests of other sites by itself
   */
  readonly csrf?: CsrfOptions | undefined
  /**
   * Views of your own in place of the default pages, by page.
   *
   * @default none
   */
  readonly views?: Views | undefined
}

/** An origin that is trusted. */
export interface OriginOptions {
  /** Scheme, host and port, such as `https://app.example.com`. */
  readonly origin: string
  /**
   * Whether it counts although it is another site, such as `https://app.example.net` for `https://api.example.com`.
   *
   * @default false
   */
  readonly crossSite?: boolean | undefined
}

/**
 * What `createSecondFactor` is made of: `store`, `users`, and at least one factor. A `sender` with a `secret`, or a
 * `verifier`, makes the phone a factor.
 */
export interface SecondFactorOptions<User> extends ShippedOptions<User> {
  /**
   * Derives codes: at least 32 bytes, kept out of the code base. With several, the first makes new
   * codes and all verify, so that a secret can be replaced without ending anybody's challenge. Required
   * with a `sender`; a `verifier` needs none.
   *
   * @default none
   */
  readonly secret?: string | readonly string[] | undefined
  /** Keeps one row per user: `sequelizeStore`, `memoryStore`, or your own. */
  readonly store: StateStore
  /** What this package needs to know of your users. */
  readonly users: UserDirectory<User>
  /**
   * Further factors, the preferred first. They come before those that come with the package.
   *
   * @default none
   */
  readonly factors?: readonly FactorDefinition<User>[] | undefined
  /**
   * Who has to enrol a factor, where `factors` has some that people enrol by themselves.
   *
   * @default required of everybody, at once
   */
  readonly enrolment?: EnrolmentOptions<User> | undefined
  /**
   * Has people choose devices on which they are not asked again: the password alone logs in there, for some days. Refused
   * with strict standards unless `acceptAal1` says that you mean it.
   *
   * @default no device is trusted
   */
  readonly trustedDevices?: TrustedDevicesOptions | undefined
  /**
   * The limits.
   *
   * @default `defaultPolicy`
   */
  readonly policy?: PolicyOptions | undefined
  /**
   * Receives every decision, without secrets.
   *
   * @default faults, and mistakes of yours at vendors, go to `console.error`, each once a minute; the rest to nobody
   */
  readonly events?: EventSink | undefined
  /**
   * Keeps who got in, what changed, and what operators did and why, for months: `sequelizeAudit`, or your own. An
   * operator's action that cannot be written down is not done.
   *
   * @default nothing is kept
   */
  readonly audit?: AuditLog | undefined
  /**
   * What the pages of `operationsRouter()` show of the past.
   *
   * @default they show how things stand now, and no plots
   */
  readonly operations?: OperationsOptions | undefined
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
   * The path prefix that a proxy strips before requests come here, such as `/app`. It is put before the path of
   * each request, and before each path among these options that does not begin with it.
   *
   * @default none
   */
  readonly basePath?: string | undefined
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
   * Where your application ends the login; the pages then offer to use another account. The gate lets every request for it
   * through.
   *
   * @default none
   */
  readonly logoutPath?: string | undefined
  /**
   * The method of that logout, where yours is a link. Any page can then log people out, by a picture with that address.
   *
   * @default 'POST'
   */
  readonly logoutMethod?: 'GET' | 'POST' | undefined
  /**
   * Where people go after the second factor, if no page sent them here.
   *
   * @default '/'
   */
  readonly defaultReturnTo?: string | undefined
  /**
   * Origins that are trusted beside the request's host: the public one, such as `https://example.com`, behind a
   * proxy that changes `Host`, and those of your single-page applications on other hosts or ports. Their scripts may
   * use the JSON endpoints; their forms may not.
   *
   * @default none
   */
  readonly origins?: readonly (string | OriginOptions)[] | undefined
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
   * Timeout of one call to the store, or to the audit log, in seconds, at most 60.
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
