/** `secrets`: names the secrets in force, and says how one is replaced. */

import { keyIdsOf } from '../../core/keys.js'
import { checkSecrets } from '../checks/secret.js'
import { sessionSecrets } from '../checks/session.js'
import type { Command } from '../command.js'
import { CommandLineError } from '../errors.js'

const steps = [
  '1. Make one with new-secret, put it first, and keep the old one behind it: secret: [new, old]. Deploy everywhere.',
  '2. Wait for the longest code to end: codeLifetimeSeconds and graceSeconds, at most ten minutes by default.',
  '3. Where people hold authenticator apps, call reseal for each user. The column sealed_by names the old id until then.',
  '4. Leave the old one out, and deploy again.',
]

/** Shows ids of secrets, never a secret. */
export const secrets: Command = {
  summary: 'Names the secrets in force by their ids, and says how to replace one.',
  operands: [],
  options: {},
  needsConfig: true,
  run(_typed, { secret, session }) {
    if (secret === undefined) {
      throw new CommandLineError('refused', 'no secret: give secret in the configuration')
    }
    const ids = keyIdsOf(secret)
    const weak = checkSecrets(secret, sessionSecrets(session)).filter(({ level }) => level !== 'ok')
    return Promise.resolve({
      json: { ids, findings: weak, steps },
      lines: [
        ...ids.map(
          (id, index) => `${id}  ${index === 0 ? 'issues and verifies' : 'only verifies'}`,
        ),
        ...weak.map(({ level, about, text }) => `${level}  ${about}: ${text}`),
        'To replace one:',
        ...steps,
      ],
      isBad: weak.length > 0,
    })
  },
}
