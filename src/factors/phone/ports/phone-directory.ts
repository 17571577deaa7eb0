/** The callbacks through which the phone factor reads and stores users' phones. */

import type { Awaitable } from '../../../ports/user-directory.js'
import type { Channel } from '../rules/part.js'

/** A user's phone; `verified` is true if its holder has proved control of it. */
export interface UserPhone {
  readonly number: string
  readonly verified: boolean
}

/** The phones of the application's users, as callbacks. Each has 5 s; one that throws or times out fails closed. */
export interface PhoneDirectory<User> {
  /**
   * The user's phone; a bare string counts as verified.
   *
   * @default the phone that the user has verified here, which is then kept with the user's other factors
   */
  phone?: ((user: User) => Awaitable<string | UserPhone | null | undefined>) | undefined

  /** Stores a phone that its holder has just proved control of. Without it, the phone endpoints do not exist. */
  setVerifiedPhone?: ((user: User, phone: string) => Awaitable<unknown>) | undefined

  /** Finds the user of a phone, for endpoints without a login. */
  findByPhone?: ((phone: string) => Awaitable<User | null | undefined>) | undefined

  /**
   * The configured channels that this user may choose.
   *
   * @default all of them
   */
  channels?: ((user: User) => Awaitable<readonly Channel[]>) | undefined
}
