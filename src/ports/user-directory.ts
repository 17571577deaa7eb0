/** What this package needs to know of the application's users. Only `id` and `phone` are required. */

import type { Channel } from '../core/state.js'

type Awaitable<T> = T | Promise<T>

/** A number of a user, and whether its holder has proved control of it. */
export interface UserPhone {
  readonly number: string
  readonly confirmed: boolean
}

/** The application's users, as callbacks. Each is given 5 s; one that throws or is late fails closed. */
export interface UserDirectory<User> {
  /** The user's id: unique over all users, and never given to another. At most 200 characters as a string. */
  id(user: User): string | number | bigint

  /** The user's number; a bare string is taken as confirmed. */
  phone(user: User): Awaitable<string | UserPhone | null | undefined>

  /** Keeps a number that its holder has just proved control of. Without it, the number endpoints do not exist. */
  setVerifiedPhone?: ((user: User, phone: string) => Awaitable<unknown>) | undefined

  /** Finds the user of a number, for endpoints without a login. */
  findByPhone?: ((phone: string) => Awaitable<User | null | undefined>) | undefined

  /** The channels this user may choose among those that are configured. Default: all of them. */
  channels?: ((user: User) => Awaitable<readonly Channel[]>) | undefined

  /** BCP 47 tag of the language to write to this user in. Without one, the browser's `Accept-Language` decides. */
  locale?: ((user: User) => Awaitable<string | null | undefined>) | undefined

  /** Only a strict `false` waives the second factor for this user. Default: required of everybody. */
  isRequired?: ((user: User) => Awaitable<boolean>) | undefined
}
