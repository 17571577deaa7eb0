/** The options that the store and the counts in Redis share, and their checks. */

import { ConfigurationError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import type { SendCommand } from './commands.js'

/** The options of `redisStore` and `redisCounts`. */
export interface RedisOptions {
  readonly sendCommand: SendCommand
  readonly keyPrefix?: string | undefined
  readonly acceptEviction?: boolean | undefined
}

const knownOptions: Readonly<Record<keyof RedisOptions, true>> = {
  sendCommand: true,
  keyPrefix: true,
  acceptEviction: true,
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws ConfigurationError for an unknown option or one that cannot be used.
 */
export function resolveRedisOptions(
  factory: string,
  options: RedisOptions,
): Readonly<Record<'keyPrefix', string>> & Required<Omit<RedisOptions, 'keyPrefix'>> {
  assertKnownOptions(factory, options, knownOptions)
  const { sendCommand, keyPrefix = 'second-factor:', acceptEviction = false } = options
  const fail = (option: keyof RedisOptions, remedy: string): never => {
    throw new ConfigurationError(`${factory}: ${option} ${remedy}`, `${factory}.${option}`)
  }
  if (typeof sendCommand !== 'function') {
    fail('sendCommand', 'must be a function, such as (_key, args) => client.sendCommand(args)')
  }
  if (typeof keyPrefix !== 'string' || keyPrefix === '') {
    fail(
      'keyPrefix',
      'must be a string such as second-factor:, to keep apart from the keys of others',
    )
  }
  if (typeof acceptEviction !== 'boolean') fail('acceptEviction', 'must be true or false')
  return { sendCommand, keyPrefix, acceptEviction }
}
