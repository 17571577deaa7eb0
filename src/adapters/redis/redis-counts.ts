/** Counts in Redis or Valkey, through the application's client. */

import { StoreUnavailableError } from '../../core/errors.js'
import type { Addition, CountStore, CountSums, Take } from '../../ports/count-store.js'
import { commandRunner, type SendCommand } from './commands.js'
import {
  forgetScript,
  releaseScript,
  seriesScript,
  sumScript,
  takeScript,
} from './count-scripts.js'
import { evictionGuard } from './eviction.js'
import { resolveRedisOptions } from './options.js'
import { runScript, type Script } from './script.js'

const factory = 'redisCounts'

/** Options of `redisCounts`. */
export interface RedisCountsOptions {
  /** Sends one command through the application's client. Usually one line, see `SendCommand`. */
  readonly sendCommand: SendCommand
  /**
   * The start of every key. It may be the same as that of `redisStore`: `{counts}:` follows it, which also keeps all counts
   * on one node of a cluster. Applications that share a Redis and a prefix share the limits on phone prefixes, countries,
   * messages and money. Give each its own prefix, unless that is what you want.
   *
   * @default 'second-factor:'
   */
  readonly keyPrefix?: string | undefined
  /**
   * Accept a Redis that may evict keys, or that does not report its policy. An evicted counter starts a limit anew.
   *
   * @default false
   */
  readonly acceptEviction?: boolean | undefined
}

/**
 * Makes counts in which one script takes from all counters at once. They expire by themselves. Counts that Redis loses are
 * gone: see `redisStore` for how to run it.
 *
 * Construction sends nothing.
 *
 * @throws ConfigurationError for an unknown option or one that cannot be used.
 * @example
 * const counts = redisCounts({ sendCommand: (_key, args) => client.sendCommand(args) })
 */
export function redisCounts(options: RedisCountsOptions): CountStore {
  const { sendCommand, keyPrefix, acceptEviction } = resolveRedisOptions(factory, options)
  const run = commandRunner(factory, sendCommand)
  const mayBegin = acceptEviction ? () => Promise.resolve() : evictionGuard(factory, run)
  const numbers = async (
    script: Script,
    counters: readonly string[],
    values: readonly (string | number)[],
  ) => {
    if (counters.length === 0) return []
    await mayBegin()
    const keys = counters.map((counter) => `${keyPrefix}{counts}:${counter}`)
    return numbersOf(await runScript(run, script, keys, values))
  }
  const take = async (takes: readonly Take[]) => {
    const values = takes.flatMap(({ bucket, units, room, keepUntil, isHold }) => {
      return [bucket, units, room ?? '', keepUntil - bucket, isHold ? 'h' : '']
    })
    const full = await numbers(takeScript, takes.map(counterOf), values)
    return [...new Set(full.map((position) => takes[position - 1]?.counter ?? ''))]
  }
  return {
    async sums(counters, { now, beside, hour, day, week }) {
      const sums = await numbers(sumScript, counters, [now, beside ?? '', hour, day, week])
      return new Map(counters.map((counter, index) => [counter, sumsAt(sums, index)]))
    },
    take,
    async release(takes) {
      const values = takes.flatMap(({ bucket, units, isHold }) => {
        return [isHold ? `h${bucket}` : bucket, units]
      })
      await numbers(releaseScript, takes.map(counterOf), values)
    },
    async add(additions) {
      await take(additions.map((addition) => ({ ...addition, room: null, isHold: false })))
    },
    async series(counters, from) {
      const found = await numbers(seriesScript, counters, [from])
      return Array.from({ length: found.length / 3 }, (_none, index) => {
        const [position = 1, bucket = 0, units = 0] = found.slice(3 * index, 3 * index + 3)
        return { counter: counters[position - 1] ?? '', bucket, units }
      })
    },
    async forget(counters) {
      await numbers(forgetScript, counters, [])
    },
  }
}

function counterOf({ counter }: Addition): string {
  return counter
}

function sumsAt(sums: readonly number[], index: number): CountSums {
  const [now = 0, beside = 0, hour = 0, day = 0, week = 0] = sums.slice(5 * index, 5 * index + 5)
  return { now, beside, hour, day, week }
}

/** Parses a reply's numbers. */
function numbersOf(reply: unknown): readonly number[] {
  const text = reply instanceof Uint8Array ? Buffer.from(reply).toString('utf8') : reply
  const isList = typeof text === 'string' && /^\[(?:\d+(?:,\d+)*)?\]$/.test(text)
  if (isList) return JSON.parse(text) as number[]
  throw new StoreUnavailableError(
    'redisCounts: a script returned something other than its numbers; sendCommand must return the reply of the ' +
      'client',
  )
}
