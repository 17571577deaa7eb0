/**
 * The size of a user's row in each store, including its index: with SMS alone, and with an app, recovery codes and two
 * passkeys.
 */

import { randomBytes } from 'node:crypto'

import { inLanes, tiny } from './measure.mjs'
import { expect, headlessCalls, scratch, userAt } from './second-factor.mjs'
import { stores, storedBytes } from './services.mjs'

const people = tiny ? 50 : 5_000
const atOnce = 8

const kinds = { 'SMS alone': {}, 'an app, recovery codes and two passkeys': heldParts() }

export async function* bytes() {
  const { folder, remove } = scratch()
  try {
    for (const [name, open] of Object.entries(await stores(folder))) {
      if (name === 'memory') continue
      for (const [what, parts] of Object.entries(kinds))
        yield await measure(name, open, what, parts)
    }
  } finally {
    remove()
  }
}

async function measure(name, open, what, parts) {
  const opened = await open()
  try {
    const { store } = opened
    const { start, verify } = headlessCalls(store)
    const before = await storedBytes(name, opened)
    await inLanes(people, atOnce, async (index) => {
      const user = userAt(index)
      expect('passed', await verify(user, await start(user)))
      const row = await store.read(user.id)
      const factors = { ...row.factors, ...parts }
      expect(
        true,
        await store.compareAndSwap(user.id, row.version, {
          ...row,
          version: row.version + 1,
          factors,
        }),
      )
    })
    // Earlier versions of rows stay in PostgreSQL until it tidies up.
    if (name === 'PostgreSQL') await opened.sequelize.query(`VACUUM FULL ${opened.tableName}`)
    const grown = (await storedBytes(name, opened)) - before
    return `${name}, ${what}: ${Math.round(grown / people)} bytes a user who has just passed`
  } finally {
    await opened.close()
  }
}

/** The parts that these factors keep, with random bytes of the right lengths in place of keys. */
function heldParts() {
  const text = (length) => randomBytes(length).toString('base64url')
  const addedAt = Date.now()
  const passkey = () => ({
    ...{ id: text(16), credentialId: text(32), publicKey: text(77), counter: 0, synced: true },
    ...{ transports: ['internal', 'hybrid'], name: 'Passkey', addedAt, usedAt: addedAt },
  })
  return {
    totp: {
      ...{
        held: true,
        sealedBy: text(9),
        id: text(16),
        sealed: text(48),
        name: 'Authenticator app',
      },
      ...{ addedAt, usedAt: addedAt, lastStep: 58_000_000, earlierSteps: [] },
    },
    recovery: {
      ...{ held: true, ticket: null },
      set: { id: text(16), digests: text(160), used: 0, addedAt, usedAt: null },
    },
    passkey: { held: true, handle: text(32), keys: [passkey(), passkey()], spent: [] },
  }
}
