/** Opens the connections that the environment names, for the server and the command line. */

import {
  policyFromEnv,
  type AuditLog,
  type CountStore,
  type LimitsOptions,
  type PolicyOptions,
} from 'passport-second-factor'
import { sequelizeAudit, sequelizeCounts } from 'passport-second-factor/sequelize'
import type { Sequelize } from 'sequelize'

import { openDatabase } from './database.js'
import type { Environment } from './environment.js'
import { messageLimits } from './limits.js'
import { pickProvider, type Provider } from './providers.js'
import { readSettings, type Settings } from './settings.js'
import { databaseState, redisState, type State } from './state.js'
import { createUsers, type Users } from './users.js'

/** The open connections, and the settings. */
export interface Opened {
  readonly settings: Settings
  readonly policy: PolicyOptions
  readonly limits: LimitsOptions | undefined
  readonly provider: Provider
  readonly sequelize: Sequelize
  readonly state: State
  readonly counts: CountStore
  readonly audit: AuditLog
  readonly users: Users
}

/** Reads the settings and opens the connections. */
export async function open(env: Environment): Promise<Opened> {
  const settings = readSettings(env)
  const policy = policyFromEnv(env)
  const provider = pickProvider(env, settings.production, policy)
  const sequelize = await openDatabase(settings.databaseUrl)
  const { redisUrl } = settings
  const state = redisUrl === null ? databaseState(sequelize) : await redisState(redisUrl)
  return {
    ...{ settings, policy, provider, sequelize, state },
    limits: messageLimits(env, sequelize, settings.production),
    counts: sequelizeCounts({ sequelize }),
    audit: sequelizeAudit({ sequelize }),
    users: createUsers(sequelize),
  }
}
