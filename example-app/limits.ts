/** Limits on messages over all users: what keeps strangers from having them sent at the application's cost. */

import { limitsFromEnv, type LimitsOptions } from 'passport-second-factor'
import { sequelizeCounts } from 'passport-second-factor/sequelize'
import type { Sequelize } from 'sequelize'

import type { Environment } from './environment.js'

/** The limits, counted in the application's database; `undefined` where `SEND_LIMITS` is `off`. */
export function messageLimits(
  env: Environment,
  sequelize: Sequelize,
  production: boolean,
): LimitsOptions | undefined {
  return limitsFromEnv(env, {
    counts: sequelizeCounts({ sequelize }),
    // Whoever tries the example has more sent than people do: there it is only noted what would be refused.
    mode: production ? 'enforce' : 'record',
    // The default is twenty a day, which somebody who logs in all day long would reach.
    rules: { phone: { perDay: 100 } },
  })
}
