/** What this package needs to know of the application's users. Only `id` is required. */

/** A value, or a promise of it. */
export type Awaitable<T> = T | Promise<T>

/** Names a password without telling it. */
export type CredentialVersion = string | number | bigint | Date | null | undefined

/**
 * The application's users, as callbacks. Each gets the user as `passport.deserializeUser` returns it, and has 5 s; one that
 * throws or is late fails closed.
 */
export interface UserDirectory<User, HostRequest = never> {
  /**
   * The user's id: unique over all users, and never given to another. At most 200 characters as a string; an `ObjectId` of
   * MongoDB by `String(user._id)`.
   */
  id(user: User): string | number | bigint

  /**
   * BCP 47 tag of the language to write to this user in.
   *
   * @default the browser's `Accept-Language` decides
   */
  locale?: ((user: User) => Awaitable<string | null | undefined>) | undefined

  /**
   * `false` waives the second factor for this user; nothing, or `null`, does not. Anything else, such as the `0`
   * that a database keeps for `false`, is refused with a ConfigurationError: convert it by `Boolean(value)`. It is asked
   * at each request that holds no grant, and gets that request. Headers say what the client likes, and so does `req.ip`
   * where `trust proxy` trusts too many.
   *
   * @default required of everybody
   */
  isRequired?: ((user: User, req: HostRequest) => Awaitable<boolean>) | undefined

  /**
   * The account's name as the person knows it, such as an e-mail address: on pages, and in an authenticator app.
   *
   * @default the id in authenticator apps; nothing on pages
   */
  label?: ((user: User) => Awaitable<string | null | undefined>) | undefined

  /**
   * What changes whenever the password does, such as the time of its last change. A change ends the trust in every
   * device of the user.
   *
   * @default call `revoke` where a password changes
   */
  credentialVersion?: ((user: User) => Awaitable<CredentialVersion>) | undefined

  /**
   * Whether the user holds factors that people enrol, as `setHasFactors` has kept it with the user. It is asked only
   * where the store shows none: a row that was lost must not mean that there is no second factor. Needed with stores
   * that may forget, such as Redis.
   *
   * @default what the store says is believed
   */
  hasFactors?: ((user: User) => Awaitable<boolean>) | undefined

  /**
   * Keeps with the user whether factors are held: `true` before the first is enrolled, `false` once none is left.
   *
   * @default nothing is kept
   */
  setHasFactors?: ((user: User, has: boolean) => Awaitable<unknown>) | undefined
}
