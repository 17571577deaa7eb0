/** `unlock`, `reset` and `revoke`: operators' actions on a user. The event and the audit log record who acted, and why. */

import { actorOf, actorOptions } from '../actor.js'
import type { Command } from '../command.js'
import type { CommandLineConfig } from '../config.js'
import { confirm, yesOption } from '../confirm.js'
import { when } from '../output.js'
import { findTarget, phoneOption } from '../targets.js'

type Calls = CommandLineConfig['secondFactor']

/** Ends a lock. */
export const unlock = action({
  summary: "Ends a user's lock and clears the failures. Grants and factors stay.",
  verb: 'unlock',
  call: 'resetAttempts',
  said: (id, { failures, locked, lockedUntil }) =>
    `unlocked ${id}: ${failures} failures cleared, ` +
    (locked
      ? `lock (until ${when(lockedUntil, 'an operator ends it')}) ended`
      : 'there was no lock'),
})

/** Resets everything but grants and enrolments. */
export const reset = action({
  summary:
    'Resets failures, lock, message counters, trusted devices and the current code. Factors stay.',
  verb: 'reset',
  call: 'reset',
  said: (id) => `reset ${id}: grants and factors stay`,
})

/** Ends every grant. */
export const revoke = action({
  summary: 'Ends every grant of a user, in all sessions at once.',
  verb: 'revoke every grant of',
  call: 'revoke',
  said: (id) => `revoked every grant of ${id}: the next request asks for the second factor`,
})

function action({
  summary,
  verb,
  call,
  said,
}: {
  readonly summary: string
  readonly verb: string
  readonly call: 'reset' | 'resetAttempts' | 'revoke'
  readonly said: (id: string, before: Awaited<ReturnType<Calls['status']>>) => string
}): Command {
  return {
    summary,
    operands: ['user'],
    options: {
      ...actorOptions,
      ...yesOption,
      ...phoneOption,
    },
    needsConfig: true,
    async run(typed, config) {
      const by = actorOf(typed)
      const { target, name } = await findTarget(config, typed)
      await confirm(`${verb} ${name}`, typed)
      const before = await config.secondFactor.status(target)
      await config.secondFactor[call](target, by)
      return { json: { user: name, done: call, ...by, before }, lines: [said(name, before)] }
    },
  }
}
