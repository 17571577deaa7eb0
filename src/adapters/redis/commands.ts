/** Sends commands through the application's client, and lets nothing of its error objects out. */

import { ConfigurationError, StoreUnavailableError } from '../../core/errors.js'

/**
 * Sends one command and answers what the client answers, or rejects as it does. `key` is the key that
 * the command is about, for clients that choose a cluster's node by it; `undefined` where any will do.
 *
 * ```ts
 * (_key, args) => client.sendCommand(args) // redis (node-redis) 4 to 6
 * (key, args) => cluster.sendCommand(key, false, args) // the same, createCluster
 * (_key, [command, ...args]) => client.call(command, args) // ioredis 5 and 6, iovalkey; Cluster too
 * (_key, args) => client.customCommand(args) // valkey-glide, cluster too
 * ```
 *
 * Commands come in lower case: iovalkey and older ioredis put their `keyPrefix` before the keys of no other.
 * Give the store's own `keyPrefix` instead: node-redis leaves out its client's in `sendCommand`.
 *
 * ioredis sends a command again whose answer was lost with a connection, unless it has
 * `autoResendUnfulfilledCommands: false`. Nobody gets a guess more by it, but one guess counts twice.
 */
export type SendCommand = (
  key: string | undefined,
  args: [command: string, ...args: string[]],
) => Promise<unknown>

/** What became of a command. */
export type Answer =
  | { readonly status: 'answered'; readonly reply: unknown }
  | {
      readonly status: 'failed'
      /** Redis's own name of the error, such as `READONLY`; `null` where the client failed. */
      readonly name: string | null
      readonly error: StoreUnavailableError | ConfigurationError
    }

/** Sends one command; never rejects. */
export type RunCommand = (...call: Parameters<SendCommand>) => Promise<Answer>

/** Makes the runner; `factory` stands in its errors. Nothing is sent twice: whoever asked for the command decides what a failure means. */
export function commandRunner(factory: string, sendCommand: SendCommand): RunCommand {
  return async (key, args) => {
    try {
      return { status: 'answered', reply: await sendCommand(key, args) }
    } catch (error) {
      if (isWronglyPipelined(error)) {
        return { status: 'failed', name: null, error: pipelined(factory) }
      }
      const name = replyName(error)
      // Clients attach the command's arguments to their errors, and Redis quotes them: the whole row.
      const what = name ?? clientName(error)
      const message = `Redis did not carry out ${args[0].toUpperCase()}: ${what}`
      return { status: 'failed', name, error: new StoreUnavailableError(message) }
    }
  }
}

/**
 * True where a cluster of iovalkey, or of ioredis before 5.11, gathered commands for different nodes: it picks the node
 * by the name of the command.
 */
function isWronglyPipelined(error: unknown): boolean {
  return error instanceof Error && error.message.includes('same slots allocation group')
}

function pipelined(factory: string): ConfigurationError {
  return new ConfigurationError(
    `${factory}: this cluster client sends commands that it gathers to the wrong nodes; take enableAutoPipelining ` +
      'off, or update ioredis',
    'sendCommand',
  )
}

/** The reply of an answer. @throws StoreUnavailableError where there is none. */
export function replyOf(answer: Answer): unknown {
  if (answer.status === 'failed') throw answer.error
  return answer.reply
}

/** The word that opens an error of Redis, also as valkey-glide rewrites it (`NoScriptError`). */
function replyName(error: unknown): string | null {
  const message = error instanceof Error ? error.message : ''
  const found = /^(?:([A-Z]{3,}) |An error was signalled by the server: - (\w+))/.exec(message)
  return found?.[1] ?? found?.[2] ?? null
}

/** The code or the class of an error that the client made itself. */
function clientName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : error.constructor.name
}
