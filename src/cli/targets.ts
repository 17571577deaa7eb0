/** Finds the user that an operator names. */

import { maskedSubject, reservedPrefix, subjectTarget, toSubject } from '../core/subject.js'
import type { Typed } from './command.js'
import type { CommandLineConfig } from './config.js'
import { CommandLineError } from './errors.js'

/** The user that a command acts on. */
export interface Named {
  readonly target: unknown
  /** The name in reports: the id that was typed. A phone, and one within an id, is masked. */
  readonly name: string
}

/** The option that names a user by a phone. */
export const phoneOption = {
  phone: { value: 'phone', means: 'a phone instead of <user>, such as +237671234567' },
} as const

/**
 * Finds the user of a command, by id or `--phone`. Without `findUser` in the configuration, an id is that of a row.
 *
 * @throws CommandLineError if there is no such user, or if it cannot be an id or a phone.
 */
export async function findTarget(
  config: CommandLineConfig,
  { operands: [id = ''], values: { phone } }: Pick<Typed, 'operands' | 'values'>,
): Promise<Named> {
  if (typeof phone === 'string') return findByPhone(config, phone)
  const name = maskedSubject(id)
  if (config.findUser === undefined || id.startsWith(reservedPrefix)) {
    return { target: rowOf(id), name }
  }
  const target = await config.findUser(id)
  if (target !== null && target !== undefined) return { target, name }
  throw new CommandLineError('refused', `there is no user ${JSON.stringify(name)}`)
}

/**
 * Reads a phone that an operator typed, with or without spaces and punctuation.
 *
 * @param owner The option or operand, for the error.
 * @throws CommandLineError if it is not in international form.
 */
export function typedPhone(owner: string, typed: string): string {
  const phone = typed.replace(/[\s().-]/g, '')
  if (/^\+[1-9]\d{6,14}$/.test(phone)) return phone
  throw new CommandLineError(
    'usage',
    `${owner} takes a phone in international form, such as +237671234567`,
  )
}

async function findByPhone(config: CommandLineConfig, typed: string): Promise<Named> {
  const phone = typedPhone('--phone', typed)
  const users = config.options?.users
  if (users?.findByPhone === undefined) {
    throw new CommandLineError(
      'refused',
      '--phone needs users.findByPhone: give the options of createSecondFactor in the configuration, as options',
    )
  }
  const name = maskedSubject(phone)
  const target: unknown = await users.findByPhone(phone)
  if (target !== null && target !== undefined) return { target, name }
  throw new CommandLineError('refused', `there is no user with the phone ${name}`)
}

function rowOf(id: string): unknown {
  try {
    return subjectTarget(isReserved(id) ? id : toSubject(id), undefined)
  } catch {
    throw new CommandLineError(
      'usage',
      `${JSON.stringify(maskedSubject(id))} cannot be the id of a user`,
    )
  }
}

/** True for the row of a phone without a user, such as `tel:+237671234567`. */
function isReserved(id: string): boolean {
  return id.startsWith(reservedPrefix) && /^\+[1-9]\d{6,14}$/.test(id.slice(reservedPrefix.length))
}
