/** `secrets`: lists the secrets in force and their uses, and prints the next step to replace one. */

import type { SecretUse } from '../../flows/secrets-in-use.js'
import { checkSecrets } from '../checks/secret.js'
import { sessionSecrets } from '../checks/session.js'
import type { Command } from '../command.js'
import { CommandLineError } from '../errors.js'
import { keyIdsOf } from '../../core/keys.js'

/** The steps to replace a secret. */
const steps = {
  start:
    'Step 1, to replace it: make one with new-secret, put it first, secret: [new, old], and deploy everywhere.',
  wait: 'Step 2: wait until no code needs an old secret, ten minutes by default.',
  reseal: 'Step 3: call secondFactor.reseal(user) for each user whose factors an old secret seals.',
  drop: 'Step 4: nothing needs an old secret any more: remove it, and deploy again.',
  blind:
    'This store cannot count uses. Wait until the last code has expired, ten minutes by default; if people have ' +
    'authenticator apps, call reseal for each user; then remove the old secret.',
  missing:
    'Codes or factors need a missing secret: put it back after the new one, or those users cannot pass with them.',
} as const

/** Shows the ids of secrets, never a secret. */
export const secrets: Command = {
  summary:
    'Lists the secrets in force by id, what still needs each, and the next step to replace one.',
  operands: [],
  options: {},
  needsConfig: true,
  async run(_typed, { secret, session, secondFactor }) {
    if (secret === undefined) {
      throw new CommandLineError('refused', 'no secret: give secret in the configuration')
    }
    const ids = keyIdsOf(secret)
    const weak = checkSecrets(secret, sessionSecrets(session)).filter(({ level }) => level !== 'ok')
    const uses = await secondFactor.secretsInUse()
    const step = stepOf(uses, ids.length)
    return {
      json: { ids, uses, findings: weak, step, next: steps[step] },
      lines: [
        ...(uses?.map(lineOf) ??
          ids.map(
            (id, index) => `${id}  ${index === 0 ? 'issues and verifies' : 'only verifies'}`,
          )),
        ...weak.map(({ level, about, text }) => `${level}  ${about}: ${text}`),
        steps[step],
      ],
      isBad: weak.length > 0 || step === 'missing',
    }
  },
}

function lineOf({ id, role, challenges, seals }: SecretUse): string {
  const roles = {
    issues: 'issues and verifies',
    verifies: 'only verifies',
    missing: 'IS MISSING',
  } as const
  return `${id}  ${roles[role].padEnd(19)}  needed by ${challenges} codes, and by factors of ${seals} users`
}

function stepOf(uses: readonly SecretUse[] | null, count: number): keyof typeof steps {
  if (uses === null) return count > 1 ? 'blind' : 'start'
  if (uses.some(({ role }) => role === 'missing')) return 'missing'
  const old = uses.filter(({ role }) => role === 'verifies')
  if (old.length === 0) return 'start'
  if (old.some(({ challenges }) => challenges > 0)) return 'wait'
  return old.some(({ seals }) => seals > 0) ? 'reseal' : 'drop'
}
