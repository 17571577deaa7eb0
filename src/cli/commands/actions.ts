/** `unlock`, `reset` and `revoke`: what operators do for a user. The event names who, and why. */

import type { Command, Typed } from '../command.js'
import type { CommandLineConfig } from '../config.js'
import { CommandLineError } from '../errors.js'
import { when } from '../output.js'
import { findTarget } from '../targets.js'

type Calls = CommandLineConfig['secondFactor']

/** Ends a lock. */
export const unlock = action({
  summary: 'Ends the lock of a user and forgets failures. Passes and factors stay.',
  call: 'resetAttempts',
  said: (id, { failures, locked, lockedUntil }) =>
    `unlocked ${id}: ${failures} failures forgotten, ` +
    (locked
      ? `lock (until ${when(lockedUntil, 'an operator ends it')}) ended`
      : 'there was no lock'),
})

/** Resets everything but grants and enrolments. */
export const reset = action({
  summary:
    'Resets failures, lock, message counters, trusted devices and the running code. Factors stay.',
  call: 'reset',
  said: (id) => `reset ${id}: passes go on, and factors stay`,
})

/** Ends every grant. */
export const revoke = action({
  summary: 'Ends every pass of a user, in all sessions at once.',
  call: 'revoke',
  said: (id) => `revoked every pass of ${id}: the next request asks for the second factor`,
})

function action({
  summary,
  call,
  said,
}: {
  readonly summary: string
  readonly call: 'reset' | 'resetAttempts' | 'revoke'
  readonly said: (id: string, before: Awaited<ReturnType<Calls['status']>>) => string
}): Command {
  return {
    summary,
    operands: ['user'],
    options: {
      by: { value: 'name', means: 'who does it, for the event (required)' },
      reason: { value: 'text', means: 'why, for the event (required)' },
    },
    needsConfig: true,
    async run({ operands: [id = ''], values }, config) {
      const by = { actor: textOf(values, 'by'), reason: textOf(values, 'reason') }
      const target = await findTarget(config, id)
      const before = await config.secondFactor.status(target)
      await config.secondFactor[call](target, by)
      return { json: { user: id, done: call, ...by, before }, lines: [said(id, before)] }
    },
  }
}

function textOf(values: Typed['values'], name: string): string {
  const text = values[name]
  if (typeof text === 'string' && text.trim() !== '' && text.length <= 200) return text
  throw new CommandLineError('usage', `give --${name}, a text of at most 200 characters`)
}
