/** `doctor`: finds common mistakes in an application's setup. Reads only. */

import { checkDatabase } from '../checks/database.js'
import type { Finding } from '../checks/finding.js'
import { checkMounting } from '../checks/mounting.js'
import { checkOptions, checkPhoneOf, checkVendors } from '../checks/options.js'
import { checkRedis } from '../checks/redis.js'
import { checkSecrets } from '../checks/secret.js'
import { checkSession, sessionSecrets } from '../checks/session.js'
import { checkStores } from '../checks/stores.js'
import { checkMode, checkProxy, checkVersions } from '../checks/surroundings.js'
import type { Command } from '../command.js'

/** Checks everything in the configuration. */
export const doctor: Command = {
  summary:
    'Checks versions, options, secrets, databases, session and proxy. Reads only, and calls vendors only with --online.',
  operands: [],
  options: {
    online: { means: 'checks the accounts at the message vendors; sends nothing' },
    user: { value: 'id', means: 'checks users.phone for this user' },
  },
  needsConfig: true,
  async run({ values }, config) {
    const isProduction = process.env['NODE_ENV'] === 'production'
    const findings: readonly Finding[] = [
      ...checkVersions(),
      ...checkMode(process.env['NODE_ENV']),
      ...checkOptions(config, isProduction),
      ...(await checkPhoneOf(config, values['user'])),
      ...checkSecrets(config.secret, sessionSecrets(config.session)),
      ...(await checkStores(config)),
      ...(await checkDatabase(config.database)),
      ...(await checkRedis(config.redis)),
      ...checkSession(config.session, isProduction),
      ...checkProxy(config.app, isProduction),
      ...(await checkMounting(config)),
      ...(values['online'] === true ? await checkVendors(config) : []),
    ]
    const failed = findings.filter(({ level }) => level === 'fail').length
    const warned = findings.filter(({ level }) => level === 'warn').length
    return {
      json: { failed, warned, findings },
      lines: [
        ...findings.map(({ level, about, text }) => `${level.padEnd(4)}  ${about}: ${text}`),
        `${failed} failed, ${warned} warnings`,
      ],
      isBad: failed > 0,
    }
  },
}
