/** `doctor`: finds the mistakes that people make when they put an application together. Reads only. */

import type { Finding } from '../checks/finding.js'
import { checkSecrets } from '../checks/secret.js'
import { checkSession, sessionSecrets } from '../checks/session.js'
import { checkStores } from '../checks/stores.js'
import { checkProxy, checkVersions } from '../checks/surroundings.js'
import type { Command } from '../command.js'

/** Checks everything that the configuration hands over. */
export const doctor: Command = {
  summary:
    'Checks versions, secrets, store, tables, session and proxy. Reads only, and calls no vendor.',
  operands: [],
  options: {},
  needsConfig: true,
  async run(_typed, config) {
    const isProduction = process.env['NODE_ENV'] === 'production'
    const findings: readonly Finding[] = [
      ...checkVersions(),
      ...checkSecrets(config.secret, sessionSecrets(config.session)),
      ...(await checkStores(config)),
      ...checkSession(config.session, isProduction),
      ...checkProxy(config.app, isProduction),
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
