/** Runs a script by its hash, and gives its text to a server that does not know it yet. */

import { createHash } from 'node:crypto'

import { replyOf, type RunCommand } from './commands.js'

/** A script, and the hash that a server knows it by. */
export interface Script {
  readonly text: string
  readonly digest: string
}

/** Makes a script of its text. */
export function scriptOf(text: string): Script {
  return { text, digest: createHash('sha1').update(text).digest('hex') }
}

/** The reply of the script. @throws StoreUnavailableError where there is none. */
export async function runScript(
  run: RunCommand,
  { text, digest }: Script,
  keys: readonly string[],
  values: readonly (string | number)[],
): Promise<unknown> {
  const [first] = keys
  const rest = [String(keys.length), ...keys, ...values.map(String)]
  let answer = await run(first, ['evalsha', digest, ...rest])
  // The one failure after which nothing can have been written.
  if (answer.status === 'failed' && /^noscript/i.test(answer.name ?? '')) {
    answer = await run(first, ['eval', text, ...rest])
  }
  return replyOf(answer)
}
