/** Checks the Sequelize instance that an application gives, and finds its dialect. */

import type { Sequelize } from 'sequelize'

import { ConfigurationError } from '../../core/errors.js'
import { dialectsByName, type Dialect } from '../sql/dialect.js'

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

/**
 * The dialect of a Sequelize instance.
 *
 * @throws ConfigurationError where it is of another database.
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
