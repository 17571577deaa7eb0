/** Checks the Sequelize instance that an application gives. */

import type { Sequelize } from 'sequelize'

import { ConfigurationError } from '../../core/errors.js'

/**
 * The instance of the option `sequelize`.
 *
 * @throws ConfigurationError where it is none.
 */
export function checkedInstance(
  factory: string,
  options: { readonly sequelize?: Sequelize } | undefined,
): Sequelize {
  const sequelize = options?.sequelize
  if (typeof sequelize?.query === 'function' && typeof sequelize.getDialect === 'function') {
    return sequelize
  }
  throw new ConfigurationError(
    `${factory}: give the application's Sequelize instance, as in ${factory}({ sequelize })`,
  )
}
