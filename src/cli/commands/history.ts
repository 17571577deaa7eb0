/** `history`: events of a user and actions of operators. */

import { isAuditId } from '../../core/audit-id.js'
import type { AuditEntry } from '../../ports/audit-log.js'
import type { Command } from '../command.js'
import { CommandLineError } from '../errors.js'
import { when } from '../output.js'
import { findTarget, phoneOption } from '../targets.js'

/** Shows a user's entries in the audit log. */
export const history: Command = {
  summary: 'Shows what happened to a user and what operators did, newest first.',
  operands: ['user'],
  options: {
    limit: { value: 'count', means: 'the most entries to show, up to 500 (default 50)' },
    before: { value: 'id', means: 'shows entries older than the one with this id' },
    ...phoneOption,
  },
  needsConfig: true,
  async run(typed, config) {
    const { limit, before } = typed.values
    if (before !== undefined && !isAuditId(before)) {
      throw new CommandLineError('usage', '--before takes the id of an entry, of 26 characters')
    }
    const page = {
      limit: limitOf(limit ?? '50'),
      ...(before === undefined ? {} : { before }),
    }
    const { target, name } = await findTarget(config, typed)
    const entries = await config.secondFactor.history(target, page)
    const isFull = entries.length === page.limit
    return {
      json: { user: name, entries },
      lines: [
        ...(entries.length === 0 ? [`no entries for ${name}`] : entries.map(lineOf)),
        ...(isFull ? [`older entries: --before ${entries.at(-1)?.id ?? ''}`] : []),
      ],
    }
  },
}

function lineOf({ at, type, actor, reason, outcome, details }: AuditEntry): string {
  const facts = Object.entries(details).map(([name, value]) => `${name} ${written(value)}`)
  const by = actor === null ? [] : [`by ${actor}${reason === null ? '' : `: ${reason}`}`]
  // Success goes without saying.
  const end = outcome === null || outcome === 'done' ? [] : [outcome.toUpperCase()]
  return [when(at, ''), type.padEnd(18), [...end, ...facts, ...by].join(', ')].join('  ').trimEnd()
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function limitOf(text: string | boolean): number {
  const limit = /^\d{1,3}$/.test(String(text)) ? Number(text) : 0
  if (limit >= 1 && limit <= 500) return limit
  throw new CommandLineError('usage', '--limit takes a whole number from 1 to 500')
}
