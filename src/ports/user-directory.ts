/** The callbacks about the application's users. Only `id` is required. */

/** A value, or a promise of it. */
export type Awaitable<T> = T | Promise<T>

/** A value that changes with the password and does not reveal it. */
export type CredentialVersion = string | number | bigint | Date | null | undefined

/**
 * The application's users, as callbacks. Each gets the user as `passport.deserializeUser` returns it, and has 5 s;
 * one that throws or is late fails closed.
 */
export interface UserDirectory<User, HostRequest = never> {
  /**
   * The user's id: unique over all users, and never given to another. At most 200 characters as a string; an
   * `ObjectId` of MongoDB by `String(user._id)`.
   */
  id(user: User): string | number | bigint

  /**
   * Returns the BCP 47 tag of the user's language, for messages.
   *
   * @default the browser's `Accept-Language` decides
   */
  locale?: ((user: User) => Awaitable<string | null | undefined>) | undefined

  /**
   * Returns false to waive the second factor for this user. `undefined` and `null` count as true. Any other value,
   * such as a database's `0`, throws a ConfigurationError: convert it with `Boolean(value)`. Called with the request,
   * for each request without a grant. Clients control their headers, and also `req.ip` if `trust proxy` trusts too
   * many proxies.
   *
   * @default required for everybody
   */
  isRequired?: ((user: User, req: HostRequest) => Awaitable<boolean>) | undefined

  /**
   * Returns the account name that the user knows, such as an e-mail address, for pages and authenticator apps.
   *
   * @default the id in authenticator apps, nothing on pages
   */
  label?: ((user: User) => Awaitable<string | null | undefined>) | undefined

  /**
   * Returns a value that changes with the password, such as the time of its last change. When it changes, the user's
   * devices are no longer trusted.
   *
   * @default none; call `revoke` when a password changes
   */
  credentialVersion?: ((user: User) => Awaitable<CredentialVersion>) | undefined

  /**
   * Returns the boolean that `setHasFactors` saved with the user: true if they have enrolled factors. Called only if
   * the store has none, so that losing a row does not remove the second factor. Required with a store that can lose
   * rows, such as Redis.
   *
   * @default the store alone decides
   */
  hasFactors?: ((user: User) => Awaitable<boolean>) | undefined

  /**
   * Saves a boolean with the user: true before the first factor is enrolled, false once none is left. Required with
   * `hasFactors`.
   *
   * @default none
   */
  setHasFactors?: ((user: User, has: boolean) => Awaitable<unknown>) | undefined
}
