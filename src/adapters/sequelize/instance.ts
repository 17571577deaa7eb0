/** Checks the application's Sequelize instance, and determines its dialect. */

import type { Sequelize } from 'sequelize'

import { ConfigurationError } from '../../core/errors.js'
import { dialectsByName, type Dialect } from '../sql/dialect.js'

/**
 * Returns the instance in the option `sequelize`.
 *
 * @throws ConfigurationError if it is not a Sequelize instance.
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
    `${factory}: pass the application's Sequelize instance, as in ${factory}({ sequelize })`,
  )
}

/**
 * Returns the dialect of a Sequelize instance.
 *
 * @throws ConfigurationError if the database is not supported.
 */
export function dialectOf(sequelize: Pick<Sequelize, 'getDialect'>): Dialect {
  const given = sequelize.getDialect()
  const dialect = dialectsByName.get(given)
  if (dialect !== undefined) return dialect
  throw new ConfigurationError(
    `sequelizeStore: the dialect ${JSON.stringify(given)} is not supported; use one of ` +
      [...dialectsByName.keys()].join(', '),
  )
}
