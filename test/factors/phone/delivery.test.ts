import { afterEach, describe, expect, test, vi } from 'vitest'

import type { SendResult } from '../../../src/factors/phone/ports/code-sender.js'
import {
  ask,
  begin,
  deferred,
  guess,
  lastCode,
  openRig,
  phonePartOf,
  rejectWithNothing,
  subject,
  turns,
  type Rig,
} from '../../flows/rig.js'
import { day, minute, second, t0 } from '../../support/clock.js'
import { outcomeOf, wrongCode } from '../../support/codes.js'
import { cameroon } from '../../support/phones.js'
import { rowOf } from '../../support/rows.js'

afterEach(() => {
  vi.useRealTimers()
})

/** A rig whose sender always returns this. */
function rigReturning(result: SendResult): Rig {
  const rig = openRig()
  rig.answer = () => Promise.resolve(result)
  return rig
}

describe('a message that was sent', () => {
  test('is emitted as an event with the vendor’s reference', async () => {
    await expectSent({ status: 'sent', reference: 'SM123' }, 'SM123')
    await expectSent({ status: 'sent' }, null)
  })

  async function expectSent(result: SendResult, reference: string | null): Promise<void> {
    const rig = rigReturning(result)
    await begin(rig)
    expect(rig.events).toEqual([
      {
        type: 'challenge_sent',
        at: new Date(t0),
        subject: 'user-1',
        purpose: 'sign-in',
        channel: 'sms',
        destination: '••••67',
        country: 'CM',
        resent: false,
        reference,
      },
    ])
  }
})

describe('a message that may have been sent', () => {
  const unclear: [string, () => Promise<SendResult>][] = [
    ['by the sender’s own word', () => Promise.resolve({ status: 'maybe_sent' })],
    ['whose sender rejects', () => Promise.reject(new Error('socket hang up'))],
    ['whose sender rejects with nothing', rejectWithNothing],
    [
      'whose sender throws',
      () => {
        throw new Error('required parameter missing')
      },
    ],
    ['whose sender returns nothing', () => Promise.resolve(undefined) as Promise<never>],
    ['whose sender returns nonsense', () => Promise.resolve({ status: 'ok' }) as Promise<never>],
    ['whose sender returns a string', () => Promise.resolve('sent' as never)],
  ]

  test.each(unclear)('%s is not sent again, and its code works', async (_what, answer) => {
    const rig = openRig()
    rig.answer = answer
    const started = await ask(rig)
    expect(started.answer).toMatchObject({
      code: 'delivery_failed',
      retryAt: new Date(t0 + 30 * second),
      retryAfterSeconds: 30,
      challenge: { status: 'pending', attemptsLeft: 5 },
    })
    expect(started.sessionKey).not.toBeNull()
    expect(rig.messages.length).toBe(1)
    expect(rig.events).toMatchObject([{ type: 'delivery_failed', outcome: 'maybe_sent' }])
    expect(outcomeOf(await guess(rig, { sessionKey: started.sessionKey }))).toBe('passed')
  })

  test.each(unclear)('%s counts towards the wait and the daily limit', async (_what, answer) => {
    const rig = openRig()
    rig.answer = answer
    await ask(rig)
    expect(outcomeOf((await ask(rig)).answer)).toBe('cooldown')
    expect((await phonePartOf(rig)).sends).toMatchObject({ windowCount: 1, rung: 1 })
  })

  test('as the last of the day is available again when the next day begins', async () => {
    const rig = openRig({ policy: { sendsPerDay: 1 } })
    rig.answer = () => Promise.resolve({ status: 'maybe_sent' })
    const { answer } = await ask(rig)
    expect(answer).toMatchObject({ code: 'delivery_failed', retryAt: new Date(t0 + day) })
  })

  test('by a sender that never settles times out after 15 seconds', async () => {
    vi.useFakeTimers()
    const rig = openRig()
    rig.answer = () => new Promise(() => undefined)
    let answered = false
    const started = ask(rig).then((answer) => {
      answered = true
      return answer
    })
    await vi.advanceTimersByTimeAsync(14_999)
    expect(answered).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(outcomeOf((await started).answer)).toBe('delivery_failed')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('leaves no unhandled rejection if its sender rejects after those 15 seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const rig = openRig()
    const late = deferred<SendResult>()
    rig.answer = () => late.promise
    const started = ask(rig)
    await vi.advanceTimersByTimeAsync(15_000)
    await started
    late.reject(new Error('late'))
    await turns()
    expect(outcomeOf((await started).answer)).toBe('delivery_failed')
  })
})

describe('a message that was certainly not sent', () => {
  test.each([
    [{ status: 'rejected', reason: 'destination_invalid' }, 'destination_invalid', undefined],
    [{ status: 'rejected', reason: 'destination_blocked' }, 'destination_blocked', undefined],
    [{ status: 'rejected', reason: 'send_limit' }, 'send_limit', 30],
    [{ status: 'rejected', reason: 'send_limit', retryAfterSeconds: 600 }, 'send_limit', 600],
    [{ status: 'rejected', reason: 'unavailable' }, 'delivery_unavailable', 30],
    [
      { status: 'rejected', reason: 'unavailable', retryAfterSeconds: 2 },
      'delivery_unavailable',
      5,
    ],
    [{ status: 'operator_fault', reason: 'bad credentials' }, 'service_misconfigured', undefined],
  ] as const)('because of %j gives %s', async (result, code, retryAfterSeconds) => {
    const rig = rigReturning(result)
    const { answer } = await ask(rig)
    expect(answer).toStrictEqual({
      status: 'refused',
      code,
      ...(retryAfterSeconds !== undefined && {
        retryAfterSeconds,
        retryAt: new Date(t0 + retryAfterSeconds * second),
      }),
    })
    expect(rig.events).toMatchObject([
      { type: 'delivery_failed', outcome: result.status, reason: result.reason },
    ])
  })

  test.each([
    [NaN, 30],
    [-5, 30],
    [Infinity, 86_400],
    [1e12, 86_400],
  ])('has a usable wait although its vendor said %d s', async (vendors, seconds) => {
    const rig = rigReturning({
      status: 'rejected',
      reason: 'unavailable',
      retryAfterSeconds: vendors,
    })
    expect((await ask(rig)).answer).toMatchObject({
      retryAt: new Date(t0 + seconds * second),
      retryAfterSeconds: seconds,
    })
  })

  test('costs only a wait of 5 seconds', async () => {
    const rig = rigReturning({ status: 'rejected', reason: 'unavailable' })
    await ask(rig)
    expect((await rowOf(rig.store, subject)).failures).toBe(0)
    expect(await phonePartOf(rig)).toMatchObject({
      challenge: null,
      sends: { count: 0, rung: 0, windowCount: 0, nextAt: t0 + 5 * second },
    })
    rig.now += 5 * second - 1
    expect(outcomeOf((await ask(rig)).answer)).toBe('cooldown')
    expect(rig.messages.length).toBe(1)
    rig.now += 1
    expect(outcomeOf((await ask(rig)).answer)).toBe('delivery_unavailable')
    expect(rig.messages.length).toBe(2)
  })

  test('leaves a code that does not pass, even for somebody who saw it', async () => {
    const rig = rigReturning({ status: 'operator_fault', reason: 'bad credentials' })
    await ask(rig)
    for (const sessionKey of [null, undefined]) {
      expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('no_challenge')
    }
  })

  test('as a resend keeps the pending challenge and its guesses', async () => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    await guess(rig, { sessionKey, code: wrongCode(lastCode(rig)) })
    const before = await phonePartOf(rig)
    rig.now += 30 * second
    rig.answer = () => Promise.resolve({ status: 'rejected', reason: 'unavailable' })
    const { answer } = await ask(rig, { sessionKey })
    expect(outcomeOf(answer)).toBe('delivery_unavailable')
    const after = await phonePartOf(rig)
    expect(after.challenge).toEqual(before.challenge)
    expect(after.sends).toEqual({ ...before.sends, nextAt: rig.now + 5 * second })
    expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('passed')
  })

  test('keeps the failures', async () => {
    const rig = openRig()
    const sessionKey = await begin(rig)
    for (let nth = 1; nth <= 4; nth += 1) {
      await guess(rig, { sessionKey, code: wrongCode(lastCode(rig), nth) })
    }
    rig.now += 5 * minute
    rig.answer = () => Promise.resolve({ status: 'rejected', reason: 'unavailable' })
    await ask(rig, { sessionKey })
    expect((await rowOf(rig.store, subject)).failures).toBe(4)
  })

  test('is not undone if a later message was sent meanwhile', async () => {
    const rig = openRig({ policy: { resendLadderSeconds: [1] } })
    const slow = deferred<SendResult>()
    rig.answer = () => slow.promise
    const first = ask(rig)
    await turns()
    rig.now += second
    rig.answer = () => Promise.resolve({ status: 'sent' })
    const sessionKey = await begin(rig)
    slow.resolve({ status: 'rejected', reason: 'unavailable' })
    expect(outcomeOf((await first).answer)).toBe('delivery_unavailable')
    expect((await phonePartOf(rig)).sends.windowCount).toBe(2)
    expect(outcomeOf(await guess(rig, { sessionKey }))).toBe('passed')
  })
})

describe('the application’s template', () => {
  test('that throws sends nothing, costs nothing and is reported to operators', async () => {
    let broken = false
    const rig = openRig({
      message: {
        template: ({ code }) => {
          if (broken) throw new Error(`cannot write ${code}`)
          return code
        },
      },
    })
    broken = true
    const { answer } = await ask(rig)
    expect(outcomeOf(answer)).toBe('service_misconfigured')
    expect(rig.messages).toEqual([])
    expect((await phonePartOf(rig)).sends.windowCount).toBe(0)
    expect(rig.events).toMatchObject([{ type: 'delivery_failed', outcome: 'operator_fault' }])
    expect(JSON.stringify(rig.events)).not.toContain('cannot write')
  })
})

describe('an error from a sender', () => {
  test('appears in no event or response, because it may contain the code, the phone and the credentials', async () => {
    const rig = openRig()
    rig.answer = () =>
      Promise.reject(
        Object.assign(new Error(`POST failed: ${lastCode(rig)} to ${cameroon}`), {
          config: { auth: 'token-of-the-account' },
        }),
      )
    const { answer } = await ask(rig)
    const everything = JSON.stringify(rig.events) + JSON.stringify(answer)
    for (const secret of [lastCode(rig), cameroon.slice(1), 'POST failed', 'token-of-the']) {
      expect(everything).not.toContain(secret)
    }
  })
})
