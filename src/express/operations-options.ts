/** The options of the router for operators. */

import type { Request } from 'express'

import { ConfigurationError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'
import type { Awaitable } from '../ports/user-directory.js'

/** Who may see the pages of operators, and how they find people. */
export interface OperationsRouterOptions {
  /**
   * Whether the user of the request is an operator. Everybody else finds nothing at these addresses. It has to return
   * `true` or `false`; where it throws, nobody gets in.
   */
  readonly authorize: (req: Request) => Awaitable<boolean | null | undefined>
  /**
   * The operator's name, as events and the audit trail keep it: 1 to 200 characters.
   *
   * @default `users.label`, and the id where that names nobody
   */
  readonly actor?: ((req: Request) => Awaitable<string>) | undefined
  /**
   * Finds a user by the id that an operator types; `null` where there is none.
   *
   * @default the id is taken as that of a row, and one that nothing is kept of is shown as such
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
 * @throws ConfigurationError where there is no `authorize`, or an option is no function.
 */
export function checkOperationsOptions(options: OperationsRouterOptions): void {
  // From JavaScript it may be called without any.
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
