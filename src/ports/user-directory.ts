/** What this package needs to know of the application's users. Only `id` is required. */

/** A value, or a promise of it. */
export type Awaitable<T> = T | Promise<T>

/** The application's users, as callbacks. Each has 5 s; one that throws or is late fails closed. */
export interface UserDirectory<User> {
  /** The user's id: unique over all users, and never given to another. At most 200 characters as a string. */
  id(user: User): string | number | bigint

  /**
   * BCP 47 tag of the language to write to this user in.
   *
   * @default the browser's `Accept-Language` decides
   */
  locale?: ((user: User) => Awaitable<string | null | undefined>) | undefined

  /**
   * `false` waives the second factor for this user; nothing, or `null`, does not. Anything else, such as the `0`
   * that a database keeps for `false`, is refused with a ConfigurationError: convert it by `Boolean(value)`.
   *
   * @default required of everybody
   */
  isRequired?: ((user: User) => Awaitable<boolean>) | undefined
}
