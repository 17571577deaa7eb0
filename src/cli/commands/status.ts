/** `status`: the state of a user's second factor. */

import type { SubjectStatus } from '../../flows/subject-status.js'
import type { HeldItem } from '../../ports/enrolment.js'
import type { Command } from '../command.js'
import { columns, when } from '../output.js'
import { findTarget, phoneOption } from '../targets.js'

/** Shows failures, lock, challenge and factors. */
export const status: Command = {
  summary: "Shows the state of a user's second factor.",
  operands: ['user'],
  options: phoneOption,
  needsConfig: true,
  async run(typed, config) {
    const { target, name } = await findTarget(config, typed)
    const [facts, factors] = await Promise.all([
      config.secondFactor.status(target),
      config.secondFactor.listFactors(target),
    ])
    return { json: { user: name, ...facts, factors }, lines: linesOf(name, facts, factors) }
  },
}

function linesOf(id: string, facts: SubjectStatus, factors: readonly HeldItem[]): string[] {
  const { challenge, failures, locked, lockedUntil } = facts
  const sends: unknown = Reflect.get(facts, 'sends')
  const nextSendAt: unknown = Reflect.get(facts, 'nextSendAt')
  const lock = locked ? `until ${when(lockedUntil, 'an operator ends it')}` : 'none'
  const running =
    challenge === null ? 'none' : `${challenge.method}, until ${when(challenge.expiresAt, '')}`
  return columns([
    ['user', id],
    ['lock', lock],
    ['failures', `${failures} in a row`],
    ['challenge', running],
    ...(typeof sends === 'number'
      ? ([
          ['messages', `${sends} since the waits were last reset`],
          ['next one', nextSendAt instanceof Date ? when(nextSendAt, '') : 'now'],
        ] as const)
      : []),
    ...factors.map(
      ({ id: factor, kind, name, usedAt, usable }) =>
        [
          'factor',
          `${kind} ${JSON.stringify(name)} (${factor}), last used ${when(dateOf(usedAt), 'never')}` +
            (usable ? '' : ', cannot be read: its secret is missing'),
        ] as const,
    ),
  ])
}

function dateOf(instant: number | null): Date | null {
  return instant === null ? null : new Date(instant)
}
