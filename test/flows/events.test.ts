import { runInNewContext } from 'node:vm'

import { describe, expect, test, vi } from 'vitest'

import { emit } from '../../src/flows/context.js'
import { endAllGrants, endChallenge, endGrant } from '../../src/flows/grants.js'
import { clear } from '../../src/flows/admin.js'
import type { EventSink } from '../../src/ports/event-sink.js'
import {
  ask,
  begin,
  cameroon,
  guess,
  hour,
  india,
  openRig,
  rowOf,
  subject,
  t0,
  told,
  turns,
  wrongCode,
  type Rig,
  rejectWithNothing,
} from './rig.js'

/** A life with every kind of event in it. Says what was answered on the way. */
async function live(rig: Rig, of = subject): Promise<unknown[]> {
  const answers: unknown[] = []
  const step = async (work: Promise<unknown>) => answers.push(await work)
  const first = await begin(rig, { subject: of })
  await step(ask(rig, { subject: of, ownId: first }))
  await step(guess(rig, { subject: of, challengeId: first, code: wrongCode(rig) }))
  await step(guess(rig, { subject: of, challengeId: first }))
  const second = await begin(rig, { subject: of })
  await step(endChallenge(rig.context, of, second))
  await step(endGrant(rig.context, of, (await rowOf(rig, of)).grants[0]?.id ?? '', 'logout'))
  rig.now += hour
  rig.answer = () => Promise.resolve({ status: 'maybe_sent' })
  const purpose = 'enrolment'
  const { challengeId } = await ask(rig, { subject: of, purpose, destination: india })
  for (let nth = 1; nth <= 3; nth += 1) {
    const code = wrongCode(rig, nth)
    await step(guess(rig, { subject: of, purpose, challengeId, code }))
  }
  await step(endAllGrants(rig.context, of))
  await step(clear(rig.context, of, 'all'))
  return answers
}

const locksSoon = { policy: { digits: 8, lockAfterFailures: 2 } }

describe('the events', () => {
  test('are told in the order in which things happened, each with its time and its user', async () => {
    const rig = openRig(locksSoon)
    await live(rig)
    expect(rig.events.map(({ type }) => type)).toEqual([
      'challenge_sent',
      'start_refused',
      'verify_refused',
      'passed',
      'challenge_sent',
      'challenge_abandoned',
      'grant_revoked',
      'delivery_failed',
      'verify_refused',
      'verify_refused',
      'locked',
      'verify_refused',
      'all_grants_revoked',
      'reset',
    ])
    expect(new Set(rig.events.map((event) => ('subject' in event ? event.subject : '')))).toEqual(
      new Set([subject]),
    )
    expect(rig.events.map(({ at }) => at.getTime())).toEqual([
      ...Array.from({ length: 7 }, () => t0),
      ...Array.from({ length: 7 }, () => t0 + hour),
    ])
  })

  test('hold no code, no number, no id of a challenge or a grant, and no key', async () => {
    const rig = openRig(locksSoon)
    const ids = new Set<string>()
    const swap = rig.context.store.compareAndSwap.bind(rig.context.store)
    rig.context.store.compareAndSwap = (of, version, next) => {
      for (const id of [next.challenge?.id, next.challenge?.keyId, ...next.grants.map((g) => g.id)])
        if (typeof id === 'string') ids.add(id)
      return swap(of, version, next)
    }
    await live(rig)
    const heard = JSON.stringify(rig.events)
    const secrets = [
      ...rig.messages.map(({ code }) => code),
      cameroon.slice(1),
      india.slice(1),
      ...ids,
    ]
    expect(secrets.length).toBeGreaterThan(8)
    for (const secret of secrets) expect(heard).not.toContain(secret)
    expect(heard).toContain('••••67')
  })

  test('mask the subject where that is a number itself', async () => {
    const rig = openRig(locksSoon)
    await live(rig, `tel:${cameroon}`)
    expect(new Set(rig.events.map((event) => ('subject' in event ? event.subject : '')))).toEqual(
      new Set(['tel:••••67']),
    )
    expect(JSON.stringify(rig.events)).not.toContain(cameroon.slice(-6))
  })

  test('are told of nothing that changed nothing', async () => {
    const rig = openRig()
    await endGrant(rig.context, subject, 'no such grant', 'logout')
    await endChallenge(rig.context, subject, 'no such challenge')
    await endChallenge(rig.context, subject, null)
    expect(rig.events).toEqual([])
    expect(await rig.context.store.read(subject)).toBeNull()
  })
})

describe('a sink', () => {
  const sinks: [string, EventSink['emit']][] = [
    ['throws', () => raise()],
    ['rejects', () => Promise.reject(new Error('sink down'))],
    ['rejects with nothing', rejectWithNothing],
    ['rejects a promise of another realm', () => foreignRejection()],
    ['never answers', () => new Promise(() => undefined)],
    ['answers a trap', () => ({ then: raise })],
    ['answers nonsense', () => 'no'],
  ]

  test.each(sinks)('that %s changes nothing', async (_what, emitted) => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    try {
      const quiet = openRig(locksSoon)
      const loud = openRig({ ...locksSoon, events: { emit: emitted } })
      const answers = [await live(quiet), await live(loud)].map((told) =>
        JSON.stringify(told).replaceAll(/"(id|keyId)":"[^"]+"/g, ''),
      )
      expect(answers[1]).toBe(answers[0])
      expect(loud.events).toEqual(quiet.events)
      await turns()
      expect(unhandled).not.toHaveBeenCalled()
    } finally {
      process.off('unhandledRejection', unhandled)
    }
  })

  test('that asks back is answered, and does not wait for itself', async () => {
    const rig: Rig = openRig({
      events: { emit: ({ type }) => (type === 'challenge_sent' ? guess(rig, {}) : null) },
    })
    const challengeId = await begin(rig)
    expect(told(await guess(rig, { challengeId }))).toBe('passed')
  })

  test('is missed by nobody where there is none', async () => {
    const { context } = openRig()
    const silent = { ...context, events: undefined }
    expect(() => {
      emit(silent, { type: 'reset', subject, cleared: 'all' })
    }).not.toThrow()
    await expect(endAllGrants(silent, subject)).resolves.toBeUndefined()
  })
})

function raise(): never {
  throw new Error('sink down')
}

/** A rejected promise that is no `instanceof Promise` here. */
function foreignRejection(): unknown {
  return runInNewContext(`Promise.reject(new Error('sink down'))`)
}
