/** A fault of the store may cost the user a retry; it never gives anybody a guess, a message or a grant. */

import { afterEach, describe, expect, test, vi } from 'vitest'

import { ConfigurationError, StoreUnavailableError } from '../../src/core/errors.js'
import type { SubjectState } from '../../src/core/state.js'
import { memoryStore } from '../../src/adapters/memory/memory-store.js'
import { endAllGrants, endChallenge, endGrant } from '../../src/flows/grants.js'
import { transition } from '../../src/flows/transition.js'
import type { StateStore } from '../../src/ports/state-store.js'
import {
  ask,
  begin,
  deferred,
  guess,
  openRig,
  rowOf,
  subject,
  told,
  turns,
  wrongCode,
  rejectWithNothing,
} from './rig.js'

afterEach(() => {
  vi.useRealTimers()
})

type Verb = 'read' | 'compareAndSwap'

/** A store that works until it is told how to fail. */
interface FaultyStore extends StateStore {
  fault: { readonly verb: Verb; readonly instead: () => Promise<never> } | null
  /** Calls of each verb since the last `fault`. */
  swaps: number
}

function faultyStore(): FaultyStore {
  const store = memoryStore()
  const faulty: FaultyStore = {
    fault: null,
    swaps: 0,
    read: (of) => (faulty.fault?.verb === 'read' ? faulty.fault.instead() : store.read(of)),
    compareAndSwap: (of, version, next) => {
      faulty.swaps += 1
      return faulty.fault?.verb === 'compareAndSwap'
        ? faulty.fault.instead()
        : store.compareAndSwap(of, version, next)
    },
    delete: (of) => store.delete(of),
  }
  return faulty
}

const verbs: Verb[] = ['read', 'compareAndSwap']
const hang = () => new Promise<never>(() => undefined)
const faults: [string, () => Promise<never>][] = [
  ['rejects', () => Promise.reject(new Error('connection refused by postgres://user:pass@db'))],
  ['rejects with nothing', rejectWithNothing],
  [
    'throws',
    () => {
      throw new TypeError('client is closed')
    },
  ],
]

async function expectUnavailable(work: Promise<unknown>): Promise<StoreUnavailableError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(StoreUnavailableError)
  expect(error).toMatchObject({ code: 'store_unavailable', name: 'StoreUnavailableError' })
  return error as StoreUnavailableError
}

describe.each(verbs)('a store whose %s fails', (verb) => {
  test.each(faults)('because it %s lets nothing be sent', async (_how, instead) => {
    const store = faultyStore()
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
      const store = faultyStore()
      const rig = openRig({ store })
      const challengeId = await begin(rig)
      const before = await rowOf(rig)
      store.fault = { verb, instead }
      const right = await expectUnavailable(guess(rig, { challengeId }))
      const wrong = await expectUnavailable(guess(rig, { challengeId, code: wrongCode(rig) }))
      expect(right.message).toBe(wrong.message)
      store.fault = null
      expect(await rowOf(rig)).toBe(before)
      expect(rig.events.map(({ type }) => type)).toEqual(['challenge_sent'])
    },
  )

  test('ends no grant in silence', async () => {
    const store = faultyStore()
    const rig = openRig({ store })
    const passed = await guess(rig, { challengeId: await begin(rig) })
    const grantId = passed.status === 'passed' ? passed.grant.id : ''
    store.fault = { verb, instead: () => Promise.reject(new Error('down')) }
    await expectUnavailable(endGrant(rig.context, subject, grantId, 'logout'))
    await expectUnavailable(endAllGrants(rig.context, subject))
    expect(rig.events.map(({ type }) => type)).toEqual(['challenge_sent', 'passed'])
  })

  test('by hanging is given 5 seconds, then nothing was sent or judged', async () => {
    const store = faultyStore()
    const rig = openRig({ store })
    const challengeId = await begin(rig)
    store.fault = { verb, instead: hang }
    vi.useFakeTimers()
    let settled = 0
    rig.now += 60_000
    const works = [ask(rig), guess(rig, { challengeId })].map((work) =>
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

describe('a store and a sender that answer', () => {
  test('leave no timer behind, which would keep a process from ending', async () => {
    vi.useFakeTimers()
    const rig = openRig()
    const challengeId = await begin(rig)
    await guess(rig, { challengeId })
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('the fault that is thrown', () => {
  test('keeps what the store said for the operator, and out of its own message', async () => {
    const store = faultyStore()
    const cause = new Error('connection refused by postgres://user:pass@db')
    store.fault = { verb: 'read', instead: () => Promise.reject(cause) }
    const error = await expectUnavailable(ask(openRig({ store })))
    expect(error.cause).toBe(cause)
    expect(error.message).not.toContain('postgres')
  })

  test('is the store’s own where it says that it is not set up', async () => {
    const store = faultyStore()
    const error = new ConfigurationError('the table is missing: run the migrations')
    store.fault = { verb: 'read', instead: () => Promise.reject(error) }
    await expect(ask(openRig({ store }))).rejects.toBe(error)
  })
})

describe('after a fault in the middle', () => {
  test('a swap that held without an answer leaves the code used, and no grant with anybody', async () => {
    const store = faultyStore()
    const rig = openRig({ store })
    const challengeId = await begin(rig)
    const swap = store.compareAndSwap.bind(store)
    store.compareAndSwap = async (of, version, next) => {
      await swap(of, version, next)
      throw new Error('connection lost')
    }
    await expectUnavailable(guess(rig, { challengeId }))
    store.compareAndSwap = swap
    expect(told(await guess(rig, { challengeId }))).toBe('no_challenge')
    expect(rig.events.some(({ type }) => type === 'passed')).toBe(false)
  })

  test('a send that could not be taken back is a fault, and its code is known to no session', async () => {
    const store = faultyStore()
    const rig = openRig({ store })
    rig.answer = () => {
      store.fault = { verb: 'read', instead: () => Promise.reject(new Error('down')) }
      return Promise.resolve({ status: 'rejected', reason: 'unavailable' })
    }
    await expectUnavailable(ask(rig))
    store.fault = null
    expect(told((await ask(rig)).answer)).toBe('cooldown')
    expect(told(await guess(rig, { challengeId: null }))).toBe('no_challenge')
  })
})

describe('a swap that was lost', () => {
  /** Runs `rival` between the read and the first swap of what comes next. */
  function overtaken(store: FaultyStore, rival: () => Promise<unknown>): void {
    const swap = store.compareAndSwap.bind(store)
    store.compareAndSwap = async (of, version, next) => {
      store.compareAndSwap = swap
      await rival()
      return swap(of, version, next)
    }
  }

  test('is decided again on the new row: the last attempt went to somebody else', async () => {
    const store = faultyStore()
    const rig = openRig({ store, policy: { maxAttempts: 1 } })
    const challengeId = await begin(rig)
    overtaken(store, () => guess(rig, { challengeId, code: wrongCode(rig) }))
    expect(told(await guess(rig, { challengeId }))).toBe('attempts_exhausted')
    expect(await rowOf(rig)).toMatchObject({ failures: 1, grants: [] })
    expect(rig.events.some(({ type }) => type === 'passed')).toBe(false)
  })

  test('is decided again on the new row: somebody else was sent the message', async () => {
    const store = faultyStore()
    const rig = openRig({ store })
    overtaken(store, () => begin(rig))
    expect(told((await ask(rig)).answer)).toBe('cooldown')
    expect(rig.messages).toHaveLength(1)
  })

  test('is decided again at the time it is by then', async () => {
    const store = faultyStore()
    const rig = openRig({ store })
    const challengeId = await begin(rig)
    overtaken(store, async () => {
      await guess(rig, { challengeId, code: wrongCode(rig) })
      rig.now += 310_000
    })
    expect(told(await guess(rig, { challengeId }))).toBe('code_expired')
  })

  test('is given up after 50 tries, with nothing sent and nothing told', async () => {
    const store = faultyStore()
    const rig = openRig({ store })
    const challengeId = await begin(rig)
    store.compareAndSwap = () => {
      store.swaps += 1
      return Promise.resolve(false)
    }
    store.swaps = 0
    await expectUnavailable(guess(rig, { challengeId }))
    expect(store.swaps).toBe(50)
    rig.now += 60_000
    await expectUnavailable(ask(rig))
    expect(rig.messages).toHaveLength(1)
    expect(rig.events.map(({ type }) => type)).toEqual(['challenge_sent'])
  })
})

describe('until its swap held', () => {
  test('no outcome is told, and no message is sent', async () => {
    const store = faultyStore()
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

  test('no right code is told from a wrong one', async () => {
    for (const isRight of [true, false]) {
      const store = faultyStore()
      const rig = openRig({ store })
      const challengeId = await begin(rig)
      store.fault = { verb: 'compareAndSwap', instead: hang }
      store.swaps = 0
      let answered = false
      const request = isRight ? { challengeId } : { challengeId, code: wrongCode(rig) }
      void guess(rig, request).then(
        () => (answered = true),
        () => (answered = true),
      )
      await turns()
      expect([answered, store.swaps, rig.events.length]).toEqual([false, 1, 1])
    }
  })
})

describe('a transition', () => {
  const context = () => openRig().context
  const bump = (row: SubjectState) => ({
    state: { ...row, failures: row.failures + 1 },
    outcome: 1,
  })

  test('that changes nothing writes nothing, and makes no row', async () => {
    const store = faultyStore()
    const { context } = openRig({ store })
    const { outcome } = await transition(context, subject, (state) => ({ state, outcome: 'seen' }))
    expect([outcome, store.swaps]).toEqual(['seen', 0])
    expect(await store.read(subject)).toBeNull()
  })

  test('raises the version by one with each write, and stamps it with the time', async () => {
    const rig = openRig()
    const first = (await transition(rig.context, subject, bump)).state
    rig.now += 1_000
    const next = (await transition(rig.context, subject, bump)).state
    expect(next).toMatchObject({
      version: first.version + 1,
      failures: 2,
      updatedAt: first.updatedAt + 1_000,
    })
    expect(await rowOf(rig)).toEqual(next)
  })

  test('begins a new row at a version that no deleted one had', async () => {
    const flows = context()
    const first = (await transition(flows, subject, bump)).state
    await flows.store.delete(subject)
    const again = (await transition(flows, subject, bump)).state
    expect(again.version).not.toBe(first.version)
    expect(await flows.store.compareAndSwap(subject, first.version, first)).toBe(false)
  })

  test('of one row keeps every write of many at once', async () => {
    const flows = context()
    await Promise.all(Array.from({ length: 40 }, () => transition(flows, subject, bump)))
    expect(await flows.store.read(subject)).toMatchObject({ failures: 40 })
  })

  test('that a rule makes throw tells what the rule threw, and writes nothing', async () => {
    const flows = context()
    const fault = new Error('a bug')
    const thrown = transition(flows, subject, () => {
      throw fault
    })
    await expect(thrown).rejects.toBe(fault)
    expect(await flows.store.read(subject)).toBeNull()
  })
})

describe('giving up a challenge', () => {
  test('needs no store where the session holds none', async () => {
    const store = faultyStore()
    store.fault = { verb: 'read', instead: () => Promise.reject(new Error('down')) }
    await expect(endChallenge(openRig({ store }).context, subject, null)).resolves.toBeUndefined()
  })
})
