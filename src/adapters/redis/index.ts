/** A store and counts in Redis or Valkey: `passport-second-factor/redis`. */

export { redisCounts, type RedisCountsOptions } from './redis-counts.js'
export { redisStore, type RedisStoreOptions } from './redis-store.js'
export type { SendCommand } from './commands.js'
