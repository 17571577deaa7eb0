/** The configuration of `npx passport-second-factor`: the server's second factor, without the server. */

import type { CommandLineConfig } from 'passport-second-factor'

import { addressOf } from './address.js'
import { migrationsOf } from './database.js'
import { open } from './open.js'
import { createExampleSecondFactor } from './second-factor.js'

async function config(): Promise<CommandLineConfig> {
  const opened = await open(process.env)
  const { settings, sequelize, state, counts, users } = opened
  const { store } = state
  const address = addressOf(settings, settings.port)
  const secondFactor = createExampleSecondFactor({ ...opened, store, address })
  return {
    ...{ secondFactor, store, counts },
    findUser: (id) => (/^\d{1,9}$/.test(id) ? users.findById(Number(id)) : null),
    migrations: migrationsOf(sequelize),
    secret: settings.secondFactorSecret,
    async close() {
      await secondFactor.close()
      state.close()
      await sequelize.close()
    },
  }
}

export { config as default }
