/** `history`: what happened to a user, and what operators did. */

import { isAuditId } from '../../core/audit-id.js'
import type { AuditEntry } from '../../ports/audit-log.js'
import type { Command } from '../command.js'
import { CommandLineError } from '../errors.js'
import { when } from '../output.js'
import { findTarget, phoneOption } from '../targets.js'

/** Shows entries of the audit log. */
export const history: Command = {
  summary: 'Shows what happened to a user and what operators did, the newest first.',
  operands: ['user'],
  options: {
    limit: { value: 'count', means: 'the most entries, up to 500: 50 unless given' },
    before: { value: 'id', means: 'the id of an entry: those before it' },
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
        ...(entries.length === 0 ? [`nothing is kept of ${name}`] : entries.map(lineOf)),
        ...(isFull ? [`older ones: --before ${entries.at(-1)?.id ?? ''}`] : []),
      ],
    }
  },
}

function lineOf({ at, type, actor, reason, outcome, details }: AuditEntry): string {
  const facts = Object.entries(details).map(([name, value]) => `${name} ${written(value)}`)
  const by = actor === null ? [] : [`by ${actor}${reason === null ? '' : `: ${reason}`}`]
  // What ended well needs no word.
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
