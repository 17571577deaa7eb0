/** Sends commands through the application's client, and keeps its error objects out of ours. */

import { ConfigurationError, StoreUnavailableError } from '../../core/errors.js'

/**
 * Sends one command, and resolves or rejects as the client does. `key` is the command's key, for clients that choose a
 * cluster node by it; `undefined` if any node will do.
 *
 * ```ts
 * (_key, args) => client.sendCommand(args) // redis (node-redis) 4 to 6
 * (key, args) => cluster.sendCommand(key, false, args) // the same, createCluster
 * (_key, [command, ...args]) => client.call(command, args) // ioredis 5 and 6, iovalkey; Cluster too
 * (_key, args) => client.customCommand(args) // valkey-glide, cluster too
 * ```
 *
 * Commands are in lower case: iovalkey and older ioredis apply their `keyPrefix` to no others. Use the store's own
 * `keyPrefix` instead, because node-redis does not apply its client's in `sendCommand`.
 *
 * If a connection breaks, ioredis resends commands that have no reply yet, unless `autoResendUnfulfilledCommands` is
 * `false`. That allows no extra guess, but one guess may count twice.
 */
export type SendCommand = (
  key: string | undefined,
  args: [command: string, ...args: string[]],
) => Promise<unknown>

/** The outcome of a command. */
export type Answer =
  | { readonly status: 'answered'; readonly reply: unknown }
  | {
      readonly status: 'failed'
      /** Redis's own name for the error, such as `READONLY`; `null` if the client failed. */
      readonly name: string | null
      readonly error: StoreUnavailableError | ConfigurationError
    }

/** Sends one command; never rejects. */
export type RunCommand = (...call: Parameters<SendCommand>) => Promise<Answer>

/** Makes the runner; `factory` appears in its errors. It never retries, because only the caller knows if that is safe. */
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
 * True if a cluster client of iovalkey, or of ioredis before 5.11, pipelined commands for different nodes: it picks the
 * node by the command's name.
 */
function isWronglyPipelined(error: unknown): boolean {
  return error instanceof Error && error.message.includes('same slots allocation group')
}

function pipelined(factory: string): ConfigurationError {
  return new ConfigurationError(
    `${factory}: this cluster client sends pipelined commands to the wrong nodes; turn enableAutoPipelining off, ` +
      'or update ioredis',
    'sendCommand',
  )
}

/** Returns the reply. @throws StoreUnavailableError if the command failed. */
export function replyOf(answer: Answer): unknown {
  if (answer.status === 'failed') throw answer.error
  return answer.reply
}

/** The first word of a Redis error, also in the form of valkey-glide (`NoScriptError`). */
function replyName(error: unknown): string | null {
  const message = error instanceof Error ? error.message : ''
  const found = /^(?:([A-Z]{3,}) |An error was signalled by the server: - (\w+))/.exec(message)
  return found?.[1] ?? found?.[2] ?? null
}

/** The code or class of an error from the client itself. */
function clientName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : error.constructor.name
}
