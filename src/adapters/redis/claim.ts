/** Marks a key prefix as one application's, and warns if another application uses it too. */

import type { RunCommand } from './commands.js'

// Ids are added and never removed: while a secret is being replaced, some processes know only the old one.
const script = `
local known = redis.call('GET', KEYS[1]) or ''
local isOurs, all = known == '', known
for _, id in ipairs(ARGV) do
  if string.find(known, id, 1, true) then isOurs = true else all = all .. ' ' .. id end
end
if not isOurs then return 0 end
if all ~= known then redis.call('SET', KEYS[1], all) end
return 1
`

/** An application's claim on a key prefix. */
export interface Claim {
  /** Sets the ids that identify the application. No other application has them. */
  by(applicationIds: readonly string[]): void
  /** Makes the claim once, in the background. If Redis does not reply, the next call tries again. */
  assert(): void
}

/** Prepares a claim, and sends nothing yet. */
export function claimOn(keyPrefix: string, run: RunCommand): Claim {
  // Cannot collide with the key of a subject, in which quotes are escaped.
  const key = `${keyPrefix}"applications"`
  let pending: readonly string[] = []
  const claim = async (ids: readonly string[]): Promise<void> => {
    const answer = await run(key, ['eval', script, '1', key, ...ids])
    if (answer.status === 'answered') {
      if (String(answer.reply) === '0') warn(keyPrefix, key)
    } else if (answer.name === null) {
      pending = ids
    }
  }
  return {
    by(applicationIds) {
      pending = applicationIds
    },
    assert() {
      if (pending.length === 0) return
      const ids = pending
      pending = []
      void claim(ids)
    },
  }
}

function warn(keyPrefix: string, key: string): void {
  process.emitWarning(
    `redisStore: another application keeps its rows under ${keyPrefix} in this database; users with the same id ` +
      'share failures, locks and codes. Give redisStore a keyPrefix of its own (the keyPrefix of the client is not ' +
      `enough for every client). If you replaced this application's secret in one step, delete the key ${key}`,
    { code: 'SECOND_FACTOR_SHARED_KEYS' },
  )
}
