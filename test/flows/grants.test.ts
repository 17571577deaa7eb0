import { describe, expect, test } from 'vitest'

import { endAllGrants, endSession } from '../../src/flows/grants.js'
import { reset } from '../../src/flows/admin.js'
import { hour, minute } from '../support/clock.js'
import { outcomeOf, wrongCode } from '../support/codes.js'
import { rowOf } from '../support/rows.js'
import { ask, begin, guess, lastCode, openRig, phonePartOf, subject, type Rig } from './rig.js'

/** Passes in so many sessions, and returns the ids of the grants. */
async function passTimes(rig: Rig, times: number): Promise<string[]> {
  const ids: string[] = []
  for (let passed = 0; passed < times; passed += 1) {
    const answer = await guess(rig, { sessionKey: await begin(rig) })
    if (answer.status === 'passed') ids.push(answer.grant.id)
  }
  return ids
}

const grantIds = async (rig: Rig) => (await rowOf(rig.store, subject)).grants.map(({ id }) => id)

describe('a logout', () => {
  test('ends only its own session’s grant', async () => {
    const rig = openRig()
    const [first = '', second = ''] = await passTimes(rig, 2)
    await endSession(rig.context, subject, { grantId: first }, 'logout')
    expect(await grantIds(rig)).toEqual([second])
    expect(rig.events.at(-1)).toMatchObject({ type: 'grant_revoked', reason: 'logout' })
  })

  test('a second time changes and emits nothing', async () => {
    const rig = openRig()
    const [id = ''] = await passTimes(rig, 1)
    await endSession(rig.context, subject, { grantId: id }, 'logout')
    const row = await rowOf(rig.store, subject)
    const emitted = rig.events.length
    await endSession(rig.context, subject, { grantId: id }, 'logout')
    expect(await rowOf(rig.store, subject)).toBe(row)
    expect(rig.events).toHaveLength(emitted)
  })

  test('ends no grant of another user, even if its id is known', async () => {
    const rig = openRig()
    const [id = ''] = await passTimes(rig, 1)
    await endSession(rig.context, 'user-2', { grantId: id }, 'logout')
    expect(await grantIds(rig)).toEqual([id])
  })
})

describe('a revocation', () => {
  test('ends every grant and the pending challenge, and keeps failures and send counters', async () => {
    const rig = openRig()
    await passTimes(rig, 3)
    const sessionKey = await begin(rig)
    await guess(rig, { sessionKey, code: wrongCode(lastCode(rig)) })
    const before = await rowOf(rig.store, subject)
    const { sends } = await phonePartOf(rig)
    await endAllGrants(rig.context, subject)
    expect(await rowOf(rig.store, subject)).toMatchObject({
      ...{ grants: [], epoch: before.epoch + 1, failures: 1 },
    })
    expect(await phonePartOf(rig)).toMatchObject({ challenge: null, sends })
    expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('no_challenge')
  })
})

describe('cancelling a challenge', () => {
  test('ends it only for its own session', async () => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    await endSession(rig.context, subject, { sessionKey: 'of another session' }, 'logout')
    expect((await phonePartOf(rig)).challenge?.sessionKey).toBe(sessionKey)
    await endSession(rig.context, subject, { sessionKey }, 'logout')
    expect((await phonePartOf(rig)).challenge).toBeNull()
  })

  test('neither shortens the wait nor clears failures', async () => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    await guess(rig, { sessionKey, code: wrongCode(lastCode(rig)) })
    await endSession(rig.context, subject, { sessionKey }, 'logout')
    expect(outcomeOf((await ask(rig)).answer)).toBe('cooldown')
    expect((await rowOf(rig.store, subject)).failures).toBe(1)
  })
})

describe('the operator’s reset', () => {
  test('clears failures, lock, send counters and the pending challenge, and keeps the grants', async () => {
    const rig = openRig({ policy: { lockAfterFailures: 1, sendsPerDay: 2 } })
    const ids = await passTimes(rig, 1)
    const sessionKey = await begin(rig)
    await guess(rig, { sessionKey, code: wrongCode(lastCode(rig)) })
    expect(outcomeOf((await ask(rig)).answer)).toBe('locked_out')
    await reset(rig.context, subject, 'all')
    expect(await grantIds(rig)).toEqual(ids)
    expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('no_challenge')
    expect(outcomeOf((await ask(rig)).answer)).toBe('pending')
  })

  test('ends the hard stop, as nothing else does', async () => {
    const rig = openRig({ policy: { hardStopFailures: 1 } })
    await guess(rig, { sessionKey: await begin(rig), code: wrongCode(lastCode(rig)) })
    rig.now += 10_000 * hour
    await endAllGrants(rig.context, subject)
    expect(outcomeOf((await ask(rig)).answer)).toBe('locked_out')
    await reset(rig.context, subject, 'all')
    expect(outcomeOf((await ask(rig)).answer)).toBe('pending')
  })

  test('keeps the version rising, which makes an earlier write lose', async () => {
    const rig = openRig()
    await begin(rig)
    const before = await rowOf(rig.store, subject)
    await reset(rig.context, subject, 'all')
    expect((await rowOf(rig.store, subject)).version).toBe(before.version + 1)
    rig.now += minute
    expect(await rig.store.compareAndSwap(subject, before.version, before)).toBe(false)
  })
})
