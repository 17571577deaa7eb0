/** The script that writes a row if its version is the expected one, and sets its expiry. */

import { StoreUnavailableError } from '../../core/errors.js'
import type { RunCommand } from './commands.js'
import { runScript, scriptOf } from './script.js'

/** A row to write. */
export interface Swap {
  /** The version that the row must have; `null` if there must be no row. */
  readonly expectedVersion: number | null
  readonly value: string
  /** The time to live from now on; `null` keeps the row until it is deleted. */
  readonly lifetimeMilliseconds: number | null
}

// An empty argument stands for null. `SET` without `PX` removes an earlier expiry.
const script = scriptOf(`
local stored = redis.call('GET', KEYS[1])
if ARGV[1] == '' then
  if stored then return 0 end
elseif not stored or cjson.decode(stored).version ~= tonumber(ARGV[1]) then
  return 0
end
if ARGV[3] == '' then
  redis.call('SET', KEYS[1], ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
return 1
`)

/** Runs the script. Returns true if it wrote the row. */
export async function swap(run: RunCommand, key: string, row: Swap): Promise<boolean> {
  const { expectedVersion, value, lifetimeMilliseconds } = row
  const values = [expectedVersion ?? '', value, lifetimeMilliseconds ?? '']
  const reply = String(await runScript(run, script, [key], values))
  if (reply === '1' || reply === '0') return reply === '1'
  throw new StoreUnavailableError(
    'redisStore: the script returned neither 1 nor 0; sendCommand must return the reply of the client',
  )
}
