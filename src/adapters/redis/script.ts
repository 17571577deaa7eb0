/** Runs a script by its hash, and sends its source only to a server that does not have it. */

import { createHash } from 'node:crypto'

import { replyOf, type RunCommand } from './commands.js'

/** A script and its SHA-1, by which the server finds it. */
export interface Script {
  readonly text: string
  readonly digest: string
}

/** Makes a script from its source. */
export function scriptOf(text: string): Script {
  return { text, digest: createHash('sha1').update(text).digest('hex') }
}

/** Runs the script and returns its reply. @throws StoreUnavailableError if it failed. */
export async function runScript(
  run: RunCommand,
  { text, digest }: Script,
  keys: readonly string[],
  values: readonly (string | number)[],
): Promise<unknown> {
  const [first] = keys
  const rest = [String(keys.length), ...keys, ...values.map(String)]
  let answer = await run(first, ['evalsha', digest, ...rest])
  // The only failure after which nothing can have been written.
  if (answer.status === 'failed' && /^noscript/i.test(answer.name ?? '')) {
    answer = await run(first, ['eval', text, ...rest])
  }
  return replyOf(answer)
}
