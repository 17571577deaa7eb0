/** Erasing a user: all their rows and their grants in every process, and nobody else's. */

import { afterEach, describe, expect, test, vi } from 'vitest'

import { memoryStore } from '../../src/adapters/memory/memory-store.js'
import { DirectoryUnavailableError, forSubject, type StateStore } from '../../src/index.js'
import { forget } from '../../src/flows/admin.js'
import { startTestApp, type TestApp, type TestUser } from '../support/app.js'
import { second } from '../support/clock.js'
import { outcomeOf, wrongCode } from '../support/codes.js'
import { openHeadless } from '../support/headless.js'
import { isIn, passedBrowser, verify } from '../support/in-or-out.js'
import { cameroon, india } from '../support/phones.js'
import { expectProblem } from '../support/problem.js'
import { rowOf } from '../support/rows.js'
import { shuffled } from '../support/shuffled-store.js'
import { at, startTwoApps } from '../support/two-apps.js'
import { expectUnavailable, failingStore, faults, hang } from './failing-store.js'
import { begin, deferred, guess, openRig, subject, turns } from './rig.js'

const alices = `tel:${cameroon}`

afterEach(() => {
  vi.useRealTimers()
})

/** A memory store, and the subjects whose rows were deleted. */
function storeWithDeletes(): { store: StateStore; deleted: string[] } {
  const store = memoryStore()
  const deleted: string[] = []
  return {
    deleted,
    store: {
      ...store,
      delete(of) {
        deleted.push(of)
        return store.delete(of)
      },
    },
  }
}

describe('erasing a user', () => {
  test('erases the rows of the user and of the user’s phone, and no other', async () => {
    const { store, deleted } = storeWithDeletes()
    const headless = openHeadless({ store })
    const { secondFactor, alice } = headless
    const bobs = forSubject('2', india)
    await secondFactor.start(alice)
    await secondFactor.verify(alice, wrongCode(headless.codes().at(-1) ?? ''))
    await secondFactor.start(forSubject(alices, cameroon))
    await secondFactor.start(bobs)
    await secondFactor.start(forSubject(`tel:${india}`, india))
    const others = [await rowOf(store, '2'), await rowOf(store, `tel:${india}`)]
    await secondFactor.forget(alice)
    expect([await store.read('1'), await store.read(alices)]).toEqual([null, null])
    expect([await rowOf(store, '2'), await rowOf(store, `tel:${india}`)]).toEqual(others)
    expect(deleted).toEqual(['1', alices])
  })

  test('finds the phone’s row however the application spells the phone', async () => {
    const { secondFactor, alice, store } = openHeadless({
      users: { id: ({ id }) => id, phone: () => '00237 6 71 23 45 67' },
    })
    await secondFactor.start(forSubject(alices, cameroon))
    expect(await store.read(alices)).not.toBeNull()
    await secondFactor.forget(alice)
    expect(await store.read(alices)).toBeNull()
  })

  test('ends the lock, failures, waits and pending code: the next start begins afresh', async () => {
    const headless = openHeadless({ policy: { hardStopFailures: 1 } })
    const { secondFactor, alice } = headless
    await secondFactor.start(alice)
    const [old = ''] = headless.codes()
    await secondFactor.verify(alice, wrongCode(old))
    expect(outcomeOf(await secondFactor.start(alice))).toBe('locked_out')
    await secondFactor.forget(alice)
    expect(outcomeOf(await secondFactor.verify(alice, old))).toBe('no_challenge')
    expect(await secondFactor.status(alice)).toEqual({
      ...{ challenge: null, failures: 0, locked: false, lockedUntil: null },
      ...{ nextSendAt: null, sends: 0 },
    })
    expect(outcomeOf(await secondFactor.start(alice))).toBe('pending')
    expect(outcomeOf(await secondFactor.verify(alice, headless.codes().at(-1) ?? ''))).toBe(
      'passed',
    )
  })

  test('emits one event, even for a user without a row', async () => {
    const headless = openHeadless()
    await headless.secondFactor.forget(headless.alice)
    const forgotten = { type: 'forgotten', subject: '1', at: headless.at() }
    expect(headless.events).toEqual([forgotten])
    await headless.secondFactor.start(headless.alice)
    await headless.secondFactor.forget(headless.alice)
    expect(headless.events).toEqual([
      forgotten,
      expect.objectContaining({ type: 'challenge_sent' }),
      forgotten,
    ])
    expect(JSON.stringify(headless.events)).not.toContain(cameroon.slice(1))
  })

  test.each<[string, string | null]>([
    ['without a phone', null],
    ['whose phone is none', 'no phone'],
  ])('%s erases the user’s own row', async (_who, phone) => {
    const { store, deleted } = storeWithDeletes()
    const { secondFactor, alice } = openHeadless({
      store,
      users: { id: ({ id }) => id, phone: () => phone },
    })
    await secondFactor.start(forSubject('1', cameroon))
    await secondFactor.forget(alice)
    expect([deleted, await store.read('1')]).toEqual([['1'], null])
  })

  test('by id erases that row, and by phone the phone’s row', async () => {
    const { store, deleted } = storeWithDeletes()
    const { secondFactor, alice } = openHeadless({ store })
    await secondFactor.start(alice)
    await secondFactor.start(forSubject(alices, cameroon))
    await secondFactor.forget(forSubject('1'))
    expect(deleted).toEqual(['1'])
    await secondFactor.forget(forSubject(alices))
    expect(deleted).toEqual(['1', alices])
    expect([await store.read('1'), await store.read(alices)]).toEqual([null, null])
  })

  test('erases nothing if the user’s phone cannot be read', async () => {
    const { store, deleted } = storeWithDeletes()
    let isDown = false
    const phone = ({ phone }: TestUser) => {
      if (isDown) throw new Error('no such table: users')
      return phone
    }
    const { secondFactor, alice, events } = openHeadless({
      store,
      users: { id: ({ id }) => id, phone },
    })
    await secondFactor.start(alice)
    isDown = true
    await expect(secondFactor.forget(alice)).rejects.toThrow(DirectoryUnavailableError)
    expect([deleted, events.map(({ type }) => type)]).toEqual([[], ['challenge_sent']])
  })
})

describe('the sessions of an erased user', () => {
  const userOf = ({ users: [alice] }: TestApp): TestUser => {
    if (alice === undefined) throw new Error('there is no such user')
    return alice
  }

  test('are out at once in another process that shares the store', async () => {
    const [first, other] = await startTwoApps()
    const browser = await passedBrowser(first, 'alice')
    const bob = await passedBrowser(first, 'bob')
    expect([await isIn(browser), await isIn(at(other, browser))]).toEqual([true, true])
    await other.secondFactor.forget(userOf(other))
    expect([await isIn(browser), await isIn(at(other, browser))]).toEqual([false, false])
    expect(await isIn(bob)).toBe(true)
    await Promise.all([first.close(), other.close()])
  })

  test('are out at once in this process although it caches grants', async () => {
    const app = await startTestApp({ secondFactor: { grantCacheSeconds: 60 } })
    const browser = await passedBrowser(app, 'alice')
    expect(await isIn(browser)).toBe(true)
    await app.secondFactor.forget(userOf(app))
    expect(await isIn(browser)).toBe(false)
    await app.close()
  })

  test('cannot pass by a code sent before', async () => {
    const [first, other] = await startTwoApps()
    const browser = await first.login('alice')
    const code = first.codeFor('alice')
    await other.secondFactor.forget(userOf(other))
    expectProblem(await verify(browser, code), 'no_challenge')
    expect([await isIn(browser), await first.store.read('1')]).toEqual([false, null])
    await Promise.all([first.close(), other.close()])
  })
})

describe('a right code being judged while its user is erased', () => {
  test('does not pass and does not bring a row back', async () => {
    const store = memoryStore()
    const rig = openRig({ store })
    const sessionKey = await begin(rig)
    const swap = store.compareAndSwap.bind(store)
    const gate = deferred<null>()
    store.compareAndSwap = async (of, version, next) => {
      await gate.promise
      return swap(of, version, next)
    }
    const answer = guess(rig, { sessionKey })
    await turns()
    await forget(rig.context, subject, [])
    gate.resolve(null)
    expect(outcomeOf(await answer)).toBe('no_challenge')
    expect(await store.read(subject)).toBeNull()
  })

  test('passes before the erasure or not at all, among many', async () => {
    const store = shuffled(memoryStore())
    const rig = openRig({ store })
    const sessionKey = await begin(rig)
    const guesses = Array.from({ length: 20 }, () => guess(rig, { sessionKey }))
    await forget(rig.context, subject, [])
    const outcomes = (await Promise.all(guesses)).map(outcomeOf)
    const passed = outcomes.filter((outcome) => outcome === 'passed')
    expect(passed.length).toBeLessThanOrEqual(1)
    expect(outcomes.filter((outcome) => outcome === 'no_challenge')).toHaveLength(
      20 - passed.length,
    )
    expect(await store.read(subject)).toBeNull()
  })
})

describe('a store fault', () => {
  test.each(
    (['read', 'delete'] as const).flatMap((verb) =>
      faults.map(([how, instead]) => [verb, how, instead] as const),
    ),
  )('rejects where %s %s, and emits nothing', async (verb, _how, instead) => {
    const store = failingStore()
    const rig = openRig({ store })
    await guess(rig, { sessionKey: await begin(rig) })
    const before = await rowOf(store, subject)
    store.fault = { verb, instead }
    await expectUnavailable(forget(rig.context, subject, []))
    store.fault = null
    expect(await rowOf(store, subject)).toBe(before)
    expect(rig.events.some(({ type }) => type === 'forgotten')).toBe(false)
  })

  test('reaches the caller of secondFactor.forget', async () => {
    const store = failingStore()
    const { secondFactor, alice } = openHeadless({ store })
    await secondFactor.start(alice)
    store.fault = { verb: 'delete', instead: () => Promise.reject(new Error('down')) }
    await expectUnavailable(secondFactor.forget(alice))
  })

  test('at a later row keeps the earlier erasures, and a second call erases the rest', async () => {
    const store = failingStore()
    const rig = openRig({ store })
    await begin(rig)
    await begin(rig, { subject: alices })
    const erase = store.delete.bind(store)
    store.delete = (of) => (of === alices ? Promise.reject(new Error('down')) : erase(of))
    await expectUnavailable(forget(rig.context, subject, [alices]))
    expect(await store.read(subject)).toBeNull()
    expect(await store.read(alices)).not.toBeNull()
    expect(rig.events.some(({ type }) => type === 'forgotten')).toBe(false)
    store.delete = erase
    await forget(rig.context, subject, [alices])
    expect(await store.read(alices)).toBeNull()
    expect(rig.events.at(-1)).toMatchObject({ type: 'forgotten', subject })
  })

  test('that never settles times out after 5 seconds', async () => {
    const store = failingStore()
    const rig = openRig({ store })
    await begin(rig)
    store.fault = { verb: 'delete', instead: hang }
    vi.useFakeTimers()
    const rejection = expectUnavailable(forget(rig.context, subject, []))
    await vi.advanceTimersByTimeAsync(5 * second)
    expect((await rejection).message).toBe('the store did not answer within 5 s')
  })
})
