/** Marks the keys of a prefix with the application that keeps its rows there, and tells where another one does so too. */

import type { RunCommand } from './commands.js'

// Ids are only ever added: while a secret is replaced, some processes know the former one alone.
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

/** The claim of one application on the keys of a prefix. */
export interface Claim {
  /** Names the application, by ids that only its own processes have. */
  by(applicationIds: readonly string[]): void
  /** Makes the claim in the background, once; a fault of Redis leaves it to the next call. */
  assert(): void
}

/** Makes a claim that is not made yet. */
export function claimOn(keyPrefix: string, run: RunCommand): Claim {
  // No subject has a bare quote in its key.
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
    `redisStore: another application keeps its rows under ${keyPrefix} in this database, so that users with the ` +
      'same id share failures, locks and codes: give redisStore a keyPrefix of its own (that of a client is not ' +
      `enough for every client). If the secret of this application was replaced at once, delete the key ${key}`,
    { code: 'SECOND_FACTOR_SHARED_KEYS' },
  )
}
