/** Limits on messages over all users, which stop strangers from having messages sent at the application's cost. */

import { limitsFromEnv, type LimitsOptions } from 'passport-second-factor'
import { sequelizeCounts } from 'passport-second-factor/sequelize'
import type { Sequelize } from 'sequelize'

import type { Environment } from './environment.js'

/** The limits, counted in the application's database; `undefined` if `SEND_LIMITS` is `off`. */
export function messageLimits(
  env: Environment,
  sequelize: Sequelize,
  production: boolean,
): LimitsOptions | undefined {
  return limitsFromEnv(env, {
    counts: sequelizeCounts({ sequelize }),
    // Trying the example sends more messages than real use, so outside production refusals are only recorded.
    mode: production ? 'enforce' : 'record',
    // Somebody who logs in all day long would reach the default of twenty a day.
    rules: { phone: { perDay: 100 } },
  })
}
