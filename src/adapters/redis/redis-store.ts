/** A store in Redis or Valkey, over whatever client the application has. */

import type { StateStore } from '../../ports/state-store.js'
import { claimOn } from './claim.js'
import { commandRunner, replyOf, type SendCommand } from './commands.js'
import { swap } from './compare-and-swap.js'
import { evictionGuard } from './eviction.js'
import { resolveRedisOptions } from './options.js'
import { lifetimeMilliseconds, readValue, writeValue } from './row.js'

const factory = 'redisStore'

/** How to reach Redis, and what is accepted of it. */
export interface RedisStoreOptions {
  /** Sends one command through the application's client; one line, see `SendCommand`. */
  readonly sendCommand: SendCommand
  /**
   * Begins every key. Applications that share a database need one each, and a client's own `keyPrefix` does not
   * make one: node-redis leaves it out here, ioredis puts it before this one. Where applications with different
   * secrets share a prefix all the same, each process warns of it. A hash tag in it would put every user on one node
   * of a cluster.
   *
   * @default 'second-factor:'
   */
  readonly keyPrefix?: string | undefined
  /**
   * Go on although Redis may drop rows while they still limit somebody, or does not tell whether it
   * does: an evicted row is a forgotten lock, and gives its user a fresh budget.
   *
   * @default false
   */
  readonly acceptEviction?: boolean | undefined
}

/**
 * Makes a store that keeps one key per user, on a single server or a cluster. A swap is one script, a
 * read one `GET`, and rows expire by themselves once they say nothing any more.
 *
 * What Redis forgets is forgotten: locks, failures and grants. Run it with `appendonly yes` (without,
 * a restart loses everything since the last snapshot; with `appendfsync everysec`, its default, a
 * machine that fails loses up to a second) and `maxmemory-policy noeviction`. Of a cluster one node is
 * asked for its policy, so give all of them the same. Connect to the primary: a replica would still
 * know ended grants.
 *
 * Replication is asynchronous: a failover loses the writes that had not reached the replica, although
 * they were acknowledged. `min-replicas-to-write 1` with a small `min-replicas-max-lag` bounds what a
 * primary that was cut off takes and loses; nothing rules it out, `WAIT` included. Where losing a lock
 * is worse than a slower answer, keep the state in an SQL database whose commits wait for the replica.
 *
 * Nothing is sent at construction. A fault of Redis rejects with `StoreUnavailableError`, and the
 * first command rejects with `ConfigurationError` where rows may be evicted.
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
 * The subject as it stands in a key. An opening brace is written out, so that no subject carries a
 * cluster's hash tag, and so are lone surrogates, which UTF-8 would turn into one and the same character.
 */
function escaped(subject: string): string {
  return JSON.stringify(subject).slice(1, -1).replaceAll('{', '\\u007b')
}
