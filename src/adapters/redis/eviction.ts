/** Asks Redis, once, whether it may drop rows on its own. */

import { ConfigurationError, StoreUnavailableError } from '../../core/errors.js'
import type { RunCommand } from './commands.js'

/** What is asked, in turn: hosts often forbid the first. */
const questions: readonly [command: string, ...args: string[]][] = [
  ['CONFIG', 'GET', 'maxmemory-policy'],
  ['INFO', 'memory'],
]

/** Redis refuses a command so, whatever the reason: it does not know it, or this user may not. */
const refusals: readonly (string | null)[] = ['ERR', 'NOPERM', 'ResponseError', 'PermissionDenied']

/** Timeout of the check. A client may wait for ever for a connection, and a kept wait would outlive the outage. */
const checkTimeoutSeconds = 5

/**
 * Makes the check that goes before every command; `factory` stands in its errors. It asks until the answer is good, and then never
 * again. Of a cluster it asks one node, and cannot do more: a client sends a command by its key, and
 * nobody here knows which keys reach every node.
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
        new StoreUnavailableError(`Redis did not tell its maxmemory-policy within ${seconds} s`),
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
      ? 'Redis tells its maxmemory-policy neither by CONFIG GET nor by INFO memory'
      : `Redis has maxmemory-policy ${policy} and may drop a key while it still holds somebody back`
  const remedy = policy === null ? 'allow this user one of the two' : 'set it to noeviction'
  throw new ConfigurationError(
    `${factory}: ${why}; ${remedy}, or pass acceptEviction: true to take that risk`,
  )
}

/** The policy's name, or `null` where Redis does not tell it. */
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

/** All text in a reply: a list, a map, an object or a bulk, as the client and its protocol have it. */
function textOf(reply: unknown): string {
  if (typeof reply === 'string') return reply
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString('utf8')
  if (reply instanceof Map) return textOf([...(reply as Map<unknown, unknown>).values()])
  if (typeof reply !== 'object' || reply === null) return ''
  return Object.values(reply).map(textOf).join('\n')
}
