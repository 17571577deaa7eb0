/** A store fault may cost the user a retry; it never yields a guess, a message or a grant. */

import { afterEach, describe, expect, test, vi } from 'vitest'

import { ConfigurationError } from '../../src/core/errors.js'
import { isRefusal } from '../../src/core/refusal.js'
import { endAllGrants, endSession } from '../../src/flows/grants.js'
import { minute, second } from '../support/clock.js'
import { outcomeOf, wrongCode } from '../support/codes.js'
import { rowOf } from '../support/rows.js'
import {
  expectUnavailable,
  failingStore,
  faults,
  hang,
  type FailingStore,
} from './failing-store.js'
import { ask, begin, deferred, guess, lastCode, openRig, subject, turns } from './rig.js'

afterEach(() => {
  vi.useRealTimers()
})

const verbs = ['read', 'compareAndSwap'] as const

describe.each(verbs)('a store whose %s fails', (verb) => {
  test.each(faults)('because it %s sends nothing', async (_how, instead) => {
    const store = failingStore()
    const rig = openRig({ store })
    store.fault = { verb, instead }
    const error = await expectUnavailable(ask(rig))
    expect(error.message).toBe('the store failed')
    expect(rig.messages).toEqual([])
    expect(rig.events).toEqual([])
  })

  test.each(faults)(
    'because it %s judges neither a right nor a wrong code',
    async (_how, instead) => {
      const store = failingStore()
      const rig = openRig({ store })
      const sessionKey = await begin(rig)
      const before = await rowOf(rig.store, subject)
      store.fault = { verb, instead }
      const right = await expectUnavailable(guess(rig, { sessionKey }))
      const wrong = await expectUnavailable(
        guess(rig, { sessionKey, code: wrongCode(lastCode(rig)) }),
      )
      expect(right.message).toBe(wrong.message)
      store.fault = null
      expect(await rowOf(rig.store, subject)).toBe(before)
      expect(rig.events.map(({ type }) => type)).toEqual(['challenge_sent'])
    },
  )

  test('does not report a grant as ended', async () => {
    const store = failingStore()
    const rig = openRig({ store })
    const passed = await guess(rig, { sessionKey: await begin(rig) })
    if (isRefusal(passed)) throw new Error('not passed')
    const grantId = passed.grant.id
    store.fault = { verb, instead: () => Promise.reject(new Error('down')) }
    await expectUnavailable(endSession(rig.context, subject, { grantId }, 'logout'))
    await expectUnavailable(endAllGrants(rig.context, subject))
    expect(rig.events.map(({ type }) => type)).toEqual(['challenge_sent'])
  })

  test('by hanging times out after 5 seconds, with nothing sent or judged', async () => {
    const store = failingStore()
    const rig = openRig({ store })
    const sessionKey = await begin(rig)
    store.fault = { verb, instead: hang }
    vi.useFakeTimers()
    let settled = 0
    rig.now += minute
    const works = [ask(rig), guess(rig, { sessionKey })].map((work) =>
      expectUnavailable(work).finally(() => (settled += 1)),
    )
    await vi.advanceTimersByTimeAsync(4_999)
    expect(settled).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    for (const error of await Promise.all(works)) {
      expect(error.message).toBe('the store did not answer within 5 s')
    }
    expect(rig.messages).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a store and a sender that work', () => {
  test('leave no timer behind that would keep the process alive', async () => {
    vi.useFakeTimers()
    const rig = openRig()
    const sessionKey = await begin(rig)
    await guess(rig, { sessionKey })
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('the fault that is thrown', () => {
  test('has the store’s error as its cause but not in its message', async () => {
    const store = failingStore()
    const cause = new Error('connection refused by postgres://user:pass@db')
    store.fault = { verb: 'read', instead: () => Promise.reject(cause) }
    const error = await expectUnavailable(ask(openRig({ store })))
    expect(error.cause).toBe(cause)
    expect(error.message).not.toContain('postgres')
  })

  test('is the store’s own error if that reports a configuration mistake', async () => {
    const store = failingStore()
    const error = new ConfigurationError('the table is missing: run the migrations')
    store.fault = { verb: 'read', instead: () => Promise.reject(error) }
    await expect(ask(openRig({ store }))).rejects.toBe(error)
  })
})

describe('after a fault in the middle', () => {
  test('a swap whose response was lost leaves the code used and nobody passed', async () => {
    const store = failingStore()
    const rig = openRig({ store })
    const sessionKey = await begin(rig)
    const swap = store.compareAndSwap.bind(store)
    store.compareAndSwap = async (of, version, next) => {
      await swap(of, version, next)
      throw new Error('connection lost')
    }
    await expectUnavailable(guess(rig, { sessionKey }))
    store.compareAndSwap = swap
    expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('no_challenge')
    expect(rig.events.some(({ type }) => type === 'passed')).toBe(false)
  })

  test('a send that could not be undone rejects, and no session has its challenge', async () => {
    const store = failingStore()
    const rig = openRig({ store })
    rig.answer = () => {
      store.fault = { verb: 'read', instead: () => Promise.reject(new Error('down')) }
      return Promise.resolve({ status: 'rejected', reason: 'unavailable' })
    }
    await expectUnavailable(ask(rig))
    store.fault = null
    expect(outcomeOf((await ask(rig)).answer)).toBe('cooldown')
    expect(outcomeOf(await guess(rig, { sessionKey: null }))).toBe('no_challenge')
  })
})

describe('a lost swap', () => {
  /** Runs `rival` between the read and the first swap of what comes next. */
  function overtaken(store: FailingStore, rival: () => Promise<unknown>): void {
    const swap = store.compareAndSwap.bind(store)
    store.compareAndSwap = async (of, version, next) => {
      store.compareAndSwap = swap
      await rival()
      return swap(of, version, next)
    }
  }

  test('is decided again on the new row: another guess used the last attempt', async () => {
    const store = failingStore()
    const rig = openRig({ store, policy: { maxAttempts: 1 } })
    const sessionKey = await begin(rig)
    overtaken(store, () => guess(rig, { sessionKey, code: wrongCode(lastCode(rig)) }))
    expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('attempts_exhausted')
    expect(await rowOf(rig.store, subject)).toMatchObject({ failures: 1, grants: [] })
    expect(rig.events.some(({ type }) => type === 'passed')).toBe(false)
  })

  test('is decided again on the new row: another session was sent the message', async () => {
    const store = failingStore()
    const rig = openRig({ store })
    overtaken(store, () => begin(rig))
    expect(outcomeOf((await ask(rig)).answer)).toBe('cooldown')
    expect(rig.messages).toHaveLength(1)
  })

  test('is decided again at the time of the retry', async () => {
    const store = failingStore()
    const rig = openRig({ store })
    const sessionKey = await begin(rig)
    overtaken(store, async () => {
      await guess(rig, { sessionKey, code: wrongCode(lastCode(rig)) })
      rig.now += 310 * second
    })
    expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('code_expired')
  })

  test('is abandoned after 50 tries, with nothing sent or emitted', async () => {
    const store = failingStore()
    const rig = openRig({ store })
    const sessionKey = await begin(rig)
    store.compareAndSwap = () => {
      store.swaps += 1
      return Promise.resolve(false)
    }
    store.swaps = 0
    await expectUnavailable(guess(rig, { sessionKey }))
    expect(store.swaps).toBe(50)
    rig.now += minute
    await expectUnavailable(ask(rig))
    expect(rig.messages).toHaveLength(1)
    expect(rig.events.map(({ type }) => type)).toEqual(['challenge_sent'])
  })
})

describe('until the swap succeeds', () => {
  test('no outcome is returned, and no message is sent', async () => {
    const store = failingStore()
    const rig = openRig({ store })
    const gate = deferred<null>()
    const swap = store.compareAndSwap.bind(store)
    store.compareAndSwap = async (of, version, next) => {
      await gate.promise
      return swap(of, version, next)
    }
    let answered = false
    const started = ask(rig).finally(() => (answered = true))
    await turns()
    expect([answered, rig.messages.length, rig.events.length]).toEqual([false, 0, 0])
    gate.resolve(null)
    await started
    expect(rig.messages).toHaveLength(1)
  })

  test('a right code looks like a wrong one', async () => {
    for (const isRight of [true, false]) {
      const store = failingStore()
      const rig = openRig({ store })
      const sessionKey = await begin(rig)
      store.fault = { verb: 'compareAndSwap', instead: hang }
      store.swaps = 0
      let answered = false
      const request = isRight ? { sessionKey } : { sessionKey, code: wrongCode(lastCode(rig)) }
      void guess(rig, request).then(
        () => (answered = true),
        () => (answered = true),
      )
      await turns()
      expect([answered, store.swaps, rig.events.length]).toEqual([false, 1, 1])
    }
  })
})

describe('cancelling a challenge', () => {
  test('needs no store if the session has none', async () => {
    const store = failingStore()
    store.fault = { verb: 'read', instead: () => Promise.reject(new Error('down')) }
    await expect(
      endSession(openRig({ store }).context, subject, {}, 'logout'),
    ).resolves.toBeUndefined()
  })
})
