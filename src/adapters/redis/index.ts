/** Keeps the state in Redis or Valkey: `passport-second-factor/redis`. */

export { redisStore, type RedisStoreOptions } from './redis-store.js'
export type { SendCommand } from './commands.js'
