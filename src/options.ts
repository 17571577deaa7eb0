/** The options of `createSecondFactor`. */

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

/** The application's own views. A page without a view uses the default page. */
export interface Views extends ShippedViews {
  readonly message?: View<MessagePage> | undefined
  readonly factors?: View<FactorsPage> | undefined
}

/** The design and the texts of the pages. */
export interface PagesOptions extends Omit<LookOptions, 'views'> {
  /**
   * The token of csurf, csrf-sync, csrf-csrf or another package of yours that checks forms: every form of the pages
   * carries it, so that `router()` and the logout may stand below that package.
   *
   * @default none; the router refuses cross-site requests itself
   */
  readonly csrf?: CsrfOptions | undefined
  /**
   * Your views in place of the default pages, by page name.
   *
   * @default none
   */
  readonly views?: Views | undefined
}

/** A trusted origin. */
export interface OriginOptions {
  /** Scheme, host and port, such as `https://app.example.com`. Required. */
  readonly origin: string
  /**
   * True to trust it even if it is another site, such as `https://app.example.net` for `https://api.example.com`.
   *
   * @default false
   */
  readonly crossSite?: boolean | undefined
}

/**
 * The options of `createSecondFactor`. Required are `store`, `users` and at least one factor. The phone is a factor if
 * there is a `sender` with a `secret`, or a `verifier`.
 */
export interface SecondFactorOptions<User> extends ShippedOptions<User> {
  /**
   * The secret for deriving codes and encrypting factors: at least 32 random bytes, kept out of the code base. With an
   * array, the first secret issues and all of them verify, so that you can rotate it without ending running challenges.
   * Required with a `sender` and with factors that users enrol. A `verifier` alone needs none.
   *
   * @default none
   */
  readonly secret?: string | readonly string[] | undefined
  /** The store for one row per user: `sequelizeStore`, `memoryStore`, or your own. */
  readonly store: StateStore
  /** Callbacks about your users. */
  readonly users: UserDirectory<User>
  /**
   * Factors such as `totp()`, preferred first. They come before the phone. Phishing-resistant factors always come
   * first, and backups last.
   *
   * @default none
   */
  readonly factors?: readonly FactorDefinition<User>[] | undefined
  /**
   * The policy for enrolment, if `factors` contains some that users enrol themselves.
   *
   * @default required for everybody, without a grace period
   */
  readonly enrolment?: EnrolmentOptions<User> | undefined
  /**
   * Lets users trust a device, on which the password alone then logs in for some days. With strict standards this also
   * requires `acceptAal1`.
   *
   * @default no trusted devices
   */
  readonly trustedDevices?: TrustedDevicesOptions | undefined
  /**
   * The limits.
   *
   * @default `defaultPolicy`
   */
  readonly policy?: PolicyOptions | undefined
  /**
   * Receives an event for every decision, without secrets.
   *
   * @default prints faults and configuration mistakes with `console.error`, each at most once a minute
   */
  readonly events?: EventSink | undefined
  /**
   * The audit log, which records passes, changes, and operators' actions with their reasons: `sequelizeAudit`, or your
   * own. An operator's action that cannot be recorded is not performed.
   *
   * @default none
   */
  readonly audit?: AuditLog | undefined
  /**
   * The history that the pages of `operationsRouter()` show.
   *
   * @default none: the pages show the current state, without plots
   */
  readonly operations?: OperationsOptions | undefined
  /**
   * The application's name, on pages and in messages. `message.appName` overrides it in messages.
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
   * The path prefix that a proxy strips from requests, such as `/app`. It is prepended to the path of each request, and
   * to each path in these options that does not start with it.
   *
   * @default none
   */
  readonly basePath?: string | undefined
  /**
   * The path at which the application mounts `router()`, as browsers see it.
   *
   * @default '/second-factor'
   */
  readonly mountPath?: string | undefined
  /**
   * The path of the login page. Browsers that are not logged in are redirected to it.
   *
   * @default none
   */
  readonly loginPath?: string | undefined
  /**
   * The path of your logout. If set, the pages offer to use another account. The gate lets every request to it through.
   *
   * @default none
   */
  readonly logoutPath?: string | undefined
  /**
   * The method of your logout. With `'GET'`, any site can log users out, by an image with that address.
   *
   * @default 'POST'
   */
  readonly logoutMethod?: 'GET' | 'POST' | undefined
  /**
   * The path to redirect to after the second factor, if no page was requested before.
   *
   * @default '/'
   */
  readonly defaultReturnTo?: string | undefined
  /**
   * Trusted origins besides the request's host: the public origin, such as `https://example.com`, behind a proxy that
   * changes `Host`, and the origins of your single-page applications on other hosts or ports. Their scripts can use the
   * JSON endpoints, but their forms cannot.
   *
   * @default none
   */
  readonly origins?: readonly (string | OriginOptions)[] | undefined
  /**
   * The design, views and languages of the pages.
   *
   * @default the default design in the built-in languages
   */
  readonly pages?: PagesOptions | undefined
  /**
   * Seconds that a process caches grants, at most 60. Another process's logout or revocation takes effect after that.
   * With 0 every request reads the store.
   *
   * @default 0
   */
  readonly grantCacheSeconds?: number | undefined
  /**
   * Timeout of one call to the store or to the audit log in seconds, at most 60.
   *
   * @default 5
   */
  readonly storeTimeoutSeconds?: number | undefined
  /**
   * Returns the time in milliseconds since the epoch. Tests can inject their own.
   *
   * @default `Date.now`
   */
  readonly clock?: (() => number) | undefined
}
