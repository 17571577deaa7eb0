/** A store in Redis or Valkey, through the application's client. */

import type { StateStore } from '../../ports/state-store.js'
import { claimOn } from './claim.js'
import { commandRunner, replyOf, type SendCommand } from './commands.js'
import { swap } from './compare-and-swap.js'
import { evictionGuard } from './eviction.js'
import { resolveRedisOptions } from './options.js'
import { lifetimeMilliseconds, readValue, writeValue } from './row.js'

const factory = 'redisStore'

/** Options of `redisStore`. */
export interface RedisStoreOptions {
  /** Sends one command through the application's client. Usually one line, see `SendCommand`. */
  readonly sendCommand: SendCommand
  /**
   * The start of every key. Applications that share a database each need their own. The client's `keyPrefix` is no
   * substitute: node-redis ignores it here, and ioredis puts it before this one. If applications with different secrets
   * share a prefix, each process emits a warning. Leave hash tags out: one would put every user on one node of a cluster.
   *
   * @default 'second-factor:'
   */
  readonly keyPrefix?: string | undefined
  /**
   * Accept a Redis that may evict keys, or that does not report its policy. An evicted row is a forgotten lock, and gives
   * its user a fresh budget.
   *
   * @default false
   */
  readonly acceptEviction?: boolean | undefined
}

/**
 * Makes a store that keeps one key per user, on a single server or a cluster. A swap is one script, a read is one `GET`,
 * and rows expire by themselves once they limit nobody.
 *
 * Locks, failures and grants that Redis loses are gone. Run it with `appendonly yes` and `maxmemory-policy noeviction`.
 * Without `appendonly`, a restart loses everything since the last snapshot; with it and the default `appendfsync
 * everysec`, a machine that fails loses up to a second. In a cluster only one node is asked for its policy, so give all
 * nodes the same. Connect to the primary, because a replica would still have grants that have ended.
 *
 * Replication is asynchronous: a failover loses acknowledged writes that had not reached the replica.
 * `min-replicas-to-write 1` with a small `min-replicas-max-lag` limits how many writes a primary accepts and then loses
 * when it is cut off; nothing rules that out, not even `WAIT`. If losing a lock is worse than a slower answer, keep the
 * state in an SQL database whose commits wait for the replica.
 *
 * Construction sends nothing. If Redis fails, methods reject with `StoreUnavailableError`. If it may evict rows, they
 * reject with `ConfigurationError`.
 *
 * @throws ConfigurationError for an unknown option or one that cannot be used.
 * @example
 * const store = redisStore({ sendCommand: (_key, args) => client.sendCommand(args) })
 */
export function redisStore(options: RedisStoreOptions): StateStore {
  const { sendCommand, keyPrefix, acceptEviction } = resolveRedisOptions(factory, options)
  const run = commandRunner(factory, sendCommand)
  const mayBegin = acceptEviction ? () => Promise.resolve() : evictionGuard(factory, run)
  const claim = claimOn(keyPrefix, run)
  const ready = async () => {
    await mayBegin()
    claim.assert()
  }
  const keyOf = (subject: string) => keyPrefix + escaped(subject)
  return {
    mayForget: true,
    async read(subject) {
      await ready()
      const key = keyOf(subject)
      return readValue(subject, replyOf(await run(key, ['get', key])))
    },
    async compareAndSwap(subject, expectedVersion, next) {
      await ready()
      return swap(run, keyOf(subject), {
        expectedVersion,
        value: writeValue(subject, next),
        lifetimeMilliseconds: lifetimeMilliseconds(next),
      })
    },
    async delete(subject) {
      await ready()
      const key = keyOf(subject)
      replyOf(await run(key, ['del', key]))
    },
    claim: (applicationIds) => {
      claim.by(applicationIds)
    },
  }
}

/**
 * Escapes a subject for its key. An opening brace is escaped because it could start a cluster's hash tag, and lone
 * surrogates because UTF-8 would turn all of them into the same character.
 */
function escaped(subject: string): string {
  return JSON.stringify(subject).slice(1, -1).replaceAll('{', '\\u007b')
}
