/** Checks once that Redis does not evict keys. */

import { ConfigurationError, StoreUnavailableError } from '../../core/errors.js'
import type { RunCommand } from './commands.js'

/** The commands to try, in order. Hosts often forbid the first. */
const questions: readonly [command: string, ...args: string[]][] = [
  ['CONFIG', 'GET', 'maxmemory-policy'],
  ['INFO', 'memory'],
]

/** The names of errors by which Redis refuses a command that it does not know or does not allow. */
const refusals: readonly (string | null)[] = ['ERR', 'NOPERM', 'ResponseError', 'PermissionDenied']

/** Timeout of the check. A client may wait for ever for a connection, and everyone would share that wait. */
const checkTimeoutSeconds = 5

/**
 * Makes the check that precedes every command; `factory` appears in its errors. It runs until it has passed once. In a
 * cluster it asks only one node: clients choose the node by key, and no set of keys is sure to reach all of them.
 */
export function evictionGuard(factory: string, run: RunCommand): () => Promise<void> {
  let checked: Promise<void> | null = null
  return () => {
    checked ??= checkInTime(factory, run).catch((error: unknown) => {
      checked = null
      throw error
    })
    return checked
  }
}

async function checkInTime(factory: string, run: RunCommand): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const seconds = checkTimeoutSeconds
      reject(
        new StoreUnavailableError(`Redis did not report its maxmemory-policy within ${seconds} s`),
      )
    }, checkTimeoutSeconds * 1000)
  })
  try {
    await Promise.race([refuseEviction(factory, run), late])
  } finally {
    clearTimeout(timer)
  }
}

async function refuseEviction(factory: string, run: RunCommand): Promise<void> {
  const policy = await readPolicy(run)
  if (policy === 'noeviction') return
  const why =
    policy === null
      ? 'Redis reports its maxmemory-policy neither in CONFIG GET nor in INFO memory'
      : `Redis has maxmemory-policy ${policy}, and may evict a key that still limits somebody`
  const remedy = policy === null ? 'allow this user one of the two' : 'set it to noeviction'
  throw new ConfigurationError(
    `${factory}: ${why}; ${remedy}, or pass acceptEviction: true to take that risk`,
  )
}

/** Returns the policy's name, or `null` if Redis does not report it. */
async function readPolicy(run: RunCommand): Promise<string | null> {
  for (const question of questions) {
    const answer = await run(undefined, question)
    if (answer.status === 'answered') {
      const name = /\b(?:noeviction|(?:allkeys|volatile)-[a-z]+)\b/.exec(textOf(answer.reply))
      if (name !== null) return name[0]
    } else if (!refusals.includes(answer.name)) {
      throw answer.error
    }
  }
  return null
}

/** Collects all strings in a reply. Depending on the client and its protocol, that is a list, map, object or buffer. */
function textOf(reply: unknown): string {
  if (typeof reply === 'string') return reply
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString('utf8')
  if (reply instanceof Map) return textOf([...(reply as Map<unknown, unknown>).values()])
  if (typeof reply !== 'object' || reply === null) return ''
  return Object.values(reply).map(textOf).join('\n')
}
