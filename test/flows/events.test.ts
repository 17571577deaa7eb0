import { runInNewContext } from 'node:vm'

import { describe, expect, test, vi } from 'vitest'

import { emit } from '../../src/flows/context.js'
import { endAllGrants, endSession, giveUpChallenge } from '../../src/flows/grants.js'
import { forget, reset } from '../../src/flows/admin.js'
import type { EventSink } from '../../src/ports/event-sink.js'
import { hour, t0 } from '../support/clock.js'
import { outcomeOf, wrongCode } from '../support/codes.js'
import { cameroon, india } from '../support/phones.js'
import { phoneOf, rowOf } from '../support/rows.js'
import {
  ask,
  begin,
  guess,
  lastCode,
  openRig,
  rejectWithNothing,
  subject,
  turns,
  type Rig,
} from './rig.js'

/** Every step that emits an event; returns the answers. */
async function everyStep(rig: Rig, of = subject): Promise<unknown[]> {
  const answers: unknown[] = []
  const step = async (work: Promise<unknown>) => answers.push(await work)
  const first = await begin(rig, { subject: of })
  await step(ask(rig, { subject: of, sessionKey: first }).then(({ answer }) => answer))
  await step(guess(rig, { subject: of, sessionKey: first, code: wrongCode(lastCode(rig)) }))
  await step(guess(rig, { subject: of, sessionKey: first }))
  const second = await begin(rig, { subject: of })
  await step(giveUpChallenge(rig.context, of, second))
  await step(
    endSession(
      rig.context,
      of,
      { grantId: (await rowOf(rig.store, of)).grants[0]?.id ?? '' },
      'logout',
    ),
  )
  rig.now += hour
  rig.answer = () => Promise.resolve({ status: 'maybe_sent' })
  const purpose = 'enrolment'
  const { sessionKey } = await ask(rig, { subject: of, purpose, destination: india })
  for (let nth = 1; nth <= 3; nth += 1) {
    const code = wrongCode(lastCode(rig), nth)
    await step(guess(rig, { subject: of, purpose, sessionKey, code }))
  }
  await step(endAllGrants(rig.context, of))
  await step(reset(rig.context, of, 'all'))
  await step(forget(rig.context, of, []))
  return answers
}

const locksSoon = { policy: { codeLength: 8, lockAfterFailures: 2 } }

describe('the events', () => {
  test('are emitted in order, each with its time and its user', async () => {
    const rig = openRig(locksSoon)
    await everyStep(rig)
    expect(rig.events.map(({ type }) => type)).toEqual([
      'challenge_sent',
      'start_refused',
      'verify_refused',
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
      'forgotten',
    ])
    expect(new Set(rig.events.map((event) => ('subject' in event ? event.subject : '')))).toEqual(
      new Set([subject]),
    )
    expect(rig.events.map(({ at }) => at.getTime())).toEqual([
      ...Array.from({ length: 6 }, () => t0),
      ...Array.from({ length: 8 }, () => t0 + hour),
    ])
  })

  test('contain no code, phone, challenge id, grant id or key', async () => {
    const rig = openRig(locksSoon)
    const ids = new Set<string>()
    const swap = rig.store.compareAndSwap.bind(rig.store)
    rig.store.compareAndSwap = (of, version, next) => {
      const { challenge } = phoneOf(next)
      if (challenge?.code.owner === 'local') ids.add(challenge.id).add(challenge.code.keyId)
      for (const { id } of next.grants) ids.add(id)
      return swap(of, version, next)
    }
    await everyStep(rig)
    const emitted = JSON.stringify(rig.events)
    const secrets = [
      ...rig.messages.map(({ code }) => code),
      cameroon.slice(1),
      india.slice(1),
      ...ids,
    ]
    expect(secrets.length).toBeGreaterThan(8)
    for (const secret of secrets) expect(emitted).not.toContain(secret)
    expect(emitted).toContain('••••67')
  })

  test('mask the subject if it is a phone', async () => {
    const rig = openRig(locksSoon)
    await everyStep(rig, `tel:${cameroon}`)
    expect(new Set(rig.events.map((event) => ('subject' in event ? event.subject : '')))).toEqual(
      new Set(['tel:••••67']),
    )
    expect(JSON.stringify(rig.events)).not.toContain(cameroon.slice(-6))
  })

  test('are not emitted if nothing changed', async () => {
    const rig = openRig()
    await endSession(rig.context, subject, { grantId: 'no such grant' }, 'logout')
    await giveUpChallenge(rig.context, subject, 'no such session')
    await giveUpChallenge(rig.context, subject, undefined)
    await endSession(rig.context, subject, {}, 'logout')
    expect(rig.events).toEqual([])
    expect(await rig.store.read(subject)).toBeNull()
  })
})

describe('an event sink', () => {
  const sinks: [string, EventSink['emit']][] = [
    ['throws', () => raise()],
    ['rejects', () => Promise.reject(new Error('sink down'))],
    ['rejects with nothing', rejectWithNothing],
    ['rejects a promise of another realm', () => foreignRejection()],
    ['never settles', () => new Promise(() => undefined)],
    ['returns a thenable that throws', () => ({ then: raise })],
    ['returns nonsense', () => 'no'],
  ]

  test.each(sinks)('that %s changes nothing', async (_what, emitted) => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    try {
      const quiet = openRig(locksSoon)
      const loud = openRig({ ...locksSoon, events: { emit: emitted } })
      const answers = [await everyStep(quiet), await everyStep(loud)].map((steps) =>
        JSON.stringify(steps).replaceAll(/"(id|keyId|sessionKey)":"[^"]+"/g, ''),
      )
      expect(answers[1]).toBe(answers[0])
      expect(loud.events).toEqual(quiet.events)
      await turns()
      expect(unhandled).not.toHaveBeenCalled()
    } finally {
      process.off('unhandledRejection', unhandled)
    }
  })

  test('that calls the second factor gets its result without a deadlock', async () => {
    const rig: Rig = openRig({
      events: { emit: ({ type }) => (type === 'challenge_sent' ? guess(rig, {}) : null) },
    })
    const sessionKey = await begin(rig)
    expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('passed')
  })

  test('is optional', async () => {
    const { context } = openRig()
    const silent = { ...context, events: undefined }
    expect(() => {
      emit(silent, { type: 'reset', subject, scope: 'all' })
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
