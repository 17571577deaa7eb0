/** Finds whom an operator means. */

import { reservedPrefix, subjectTarget, toSubject } from '../core/subject.js'
import type { CommandLineConfig } from './config.js'
import { CommandLineError } from './errors.js'

/**
 * The user with this id, or its row where the configuration finds no users.
 *
 * @throws CommandLineError where nobody has the id, or it cannot be one.
 */
export async function findTarget(config: CommandLineConfig, id: string): Promise<unknown> {
  if (config.findUser === undefined || id.startsWith(reservedPrefix)) return rowOf(id)
  const user = await config.findUser(id)
  if (user !== null && user !== undefined) return user
  throw new CommandLineError('refused', `there is no user ${JSON.stringify(id)}`)
}

function rowOf(id: string): unknown {
  try {
    return subjectTarget(isReserved(id) ? id : toSubject(id), undefined)
  } catch {
    throw new CommandLineError('usage', `${JSON.stringify(id)} cannot be the id of a user`)
  }
}

/** The row of a phone that no user has, such as `tel:+237671234567`. */
function isReserved(id: string): boolean {
  return id.startsWith(reservedPrefix) && /^\+[1-9]\d{6,14}$/.test(id.slice(reservedPrefix.length))
}
