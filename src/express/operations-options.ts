/** The options of the operators' router. */

import type { Request } from 'express'

import { ConfigurationError, DirectoryUnavailableError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'
import { ask } from '../flows/users.js'
import type { Awaitable } from '../ports/user-directory.js'

/** Access to the operators' pages, and the lookup of people on them. */
export interface OperationsRouterOptions {
  /**
   * Returns `true` if the user of the request is an operator. For everybody else these addresses do not exist. `null`
   * and `undefined` count as `false`, and any other value is an error. If it throws, nobody gets in.
   */
  readonly authorize: (req: Request) => Awaitable<boolean | null | undefined>
  /**
   * The operator's name for events and the audit log, 1 to 200 characters. Give it if people choose their own label: an
   * operator could otherwise act under the name of another.
   *
   * @default `users.label`, or the id if that returns no name
   */
  readonly actor?: ((req: Request) => Awaitable<string>) | undefined
  /**
   * Finds a user by the id that an operator types; returns `null` if there is none.
   *
   * @default every id is accepted, and the page says so if nothing is stored for it
   */
  readonly findUser?: ((id: string) => Awaitable<Express.User | null | undefined>) | undefined
}

const optionNames: Readonly<Record<keyof OperationsRouterOptions, true>> = {
  authorize: true,
  actor: true,
  findUser: true,
}

/**
 * Checks the options.
 *
 * @throws ConfigurationError if `authorize` is missing, or an option is not a function.
 */
export function checkOperationsOptions(options: OperationsRouterOptions): void {
  // JavaScript callers may pass no options at all.
  const given = (options as OperationsRouterOptions | undefined) ?? {}
  assertKnownOptions('operationsRouter', given, optionNames)
  const { authorize, actor, findUser } = given as Partial<OperationsRouterOptions>
  if (typeof authorize !== 'function') {
    throw new ConfigurationError(
      "operationsRouter needs authorize, such as (req) => req.user?.role === 'operator': without it everybody would " +
        'be an operator',
      'operationsRouter.authorize',
    )
  }
  for (const [name, call] of Object.entries({ actor, findUser })) {
    if (call !== undefined && typeof call !== 'function') {
      throw new ConfigurationError(
        `operationsRouter.${name} must be a function`,
        `operationsRouter.${name}`,
      )
    }
  }
}

/**
 * Calls a callback of the options.
 *
 * @throws DirectoryUnavailableError naming the option, if the callback throws, rejects or times out.
 */
export async function askOption<T>(
  name: keyof OperationsRouterOptions,
  callback: () => T | Promise<T>,
): Promise<T> {
  try {
    return await ask(name, callback)
  } catch (cause) {
    throw new DirectoryUnavailableError(`operationsRouter.${name} failed`, { cause })
  }
}
