import { describe, expect, test } from 'vitest'

import { endAllGrants, endChallenge, endGrant } from '../../src/flows/grants.js'
import { clear } from '../../src/flows/admin.js'
import {
  ask,
  begin,
  guess,
  hour,
  minute,
  openRig,
  rowOf,
  subject,
  told,
  wrongCode,
  type Rig,
} from './rig.js'

/** Passes the factor in so many sessions, and says which grants that brought. */
async function passTimes(rig: Rig, times: number): Promise<string[]> {
  const ids: string[] = []
  for (let passed = 0; passed < times; passed += 1) {
    const answer = await guess(rig, { challengeId: await begin(rig) })
    if (answer.status === 'passed') ids.push(answer.grant.id)
  }
  return ids
}

const grantIds = async (rig: Rig) => (await rowOf(rig)).grants.map(({ id }) => id)

describe('a logout', () => {
  test('ends the grant of its own session, and no other', async () => {
    const rig = openRig()
    const [first = '', second = ''] = await passTimes(rig, 2)
    await endGrant(rig.context, subject, first, 'logout')
    expect(await grantIds(rig)).toEqual([second])
    expect(rig.events.at(-1)).toMatchObject({ type: 'grant_revoked', reason: 'logout' })
  })

  test('a second time changes and tells nothing', async () => {
    const rig = openRig()
    const [id = ''] = await passTimes(rig, 1)
    await endGrant(rig.context, subject, id, 'logout')
    const row = await rowOf(rig)
    const heard = rig.events.length
    await endGrant(rig.context, subject, id, 'logout')
    expect(await rowOf(rig)).toBe(row)
    expect(rig.events).toHaveLength(heard)
  })

  test('ends no grant of another user, even one whose id is known', async () => {
    const rig = openRig()
    const [id = ''] = await passTimes(rig, 1)
    await endGrant(rig.context, 'user-2', id, 'logout')
    expect(await grantIds(rig)).toEqual([id])
  })
})

describe('a revocation', () => {
  test('ends every grant and the running challenge, and forgives nothing', async () => {
    const rig = openRig()
    await passTimes(rig, 3)
    const challengeId = await begin(rig)
    await guess(rig, { challengeId, code: wrongCode(rig) })
    const before = await rowOf(rig)
    await endAllGrants(rig.context, subject)
    expect(await rowOf(rig)).toMatchObject({
      grants: [],
      challenge: null,
      epoch: before.epoch + 1,
      failures: 1,
      sends: before.sends,
    })
    expect(told(await guess(rig, { challengeId }))).toBe('no_challenge')
  })
})

describe('giving a challenge up', () => {
  test('ends it for its own session alone', async () => {
    const rig = openRig()
    const challengeId = await begin(rig)
    await endChallenge(rig.context, subject, 'of another session')
    expect((await rowOf(rig)).challenge?.id).toBe(challengeId)
    await endChallenge(rig.context, subject, challengeId)
    expect((await rowOf(rig)).challenge).toBeNull()
  })

  test('is no way around the wait or the failures', async () => {
    const rig = openRig()
    const challengeId = await begin(rig)
    await guess(rig, { challengeId, code: wrongCode(rig) })
    await endChallenge(rig.context, subject, challengeId)
    expect(told((await ask(rig)).answer)).toBe('cooldown')
    expect((await rowOf(rig)).failures).toBe(1)
  })
})

describe('the operator’s reset', () => {
  test('clears failures, lock, messages and the running challenge, and leaves the grants', async () => {
    const rig = openRig({ policy: { lockAfterFailures: 1, sendsPerDay: 2 } })
    const ids = await passTimes(rig, 1)
    const challengeId = await begin(rig)
    await guess(rig, { challengeId, code: wrongCode(rig) })
    expect(told((await ask(rig)).answer)).toBe('locked_out')
    await clear(rig.context, subject, 'all')
    expect(await grantIds(rig)).toEqual(ids)
    expect(told(await guess(rig, { challengeId }))).toBe('no_challenge')
    expect(told((await ask(rig)).answer)).toBe('pending')
  })

  test('ends the hard stop, which nothing else does', async () => {
    const rig = openRig({ policy: { hardStopFailures: 1 } })
    await guess(rig, { challengeId: await begin(rig), code: wrongCode(rig) })
    rig.now += 10_000 * hour
    await endAllGrants(rig.context, subject)
    expect(told((await ask(rig)).answer)).toBe('locked_out')
    await clear(rig.context, subject, 'all')
    expect(told((await ask(rig)).answer)).toBe('pending')
  })

  test('keeps the version rising, so that a write from before it is lost', async () => {
    const rig = openRig()
    await begin(rig)
    const before = await rowOf(rig)
    await clear(rig.context, subject, 'all')
    expect((await rowOf(rig)).version).toBe(before.version + 1)
    rig.now += minute
    const { store } = rig.context
    expect(await store.compareAndSwap(subject, before.version, before)).toBe(false)
  })
})
