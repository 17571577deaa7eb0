/** One sender made of several: never two messages for one code, and no login waits for a dead vendor. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import {
  failoverSender,
  Sensitive,
  type CodeMessage,
  type CodeSender,
  type SendResult,
} from '../../src/index.js'

const message: CodeMessage = {
  to: '+237671234567',
  code: new Sensitive('123456'),
  text: new Sensitive('123456 is your code'),
  expiresAt: new Date(0),
  validForSeconds: 300,
  locale: null,
}

/** A sender that returns these results in turn, the last one again and again, and counts. */
function scripted(...answers: (SendResult | Error)[]): CodeSender & { calls: number } {
  const sender = {
    channel: 'sms' as const,
    calls: 0,
    send() {
      const answer = answers[Math.min(sender.calls, answers.length - 1)]
      sender.calls += 1
      return answer instanceof Error || answer === undefined
        ? Promise.reject(answer ?? new Error('no answer scripted'))
        : Promise.resolve(answer)
    },
  }
  return sender
}

const sent: SendResult = { status: 'sent', reference: 'SM1' }
const unavailable: SendResult = { status: 'rejected', reason: 'unavailable' }

describe('the next sender', () => {
  test.each<[string, SendResult]>([
    ['takes nothing now', unavailable],
    ['is misconfigured', { status: 'operator_fault', reason: 'twilio 20003' }],
    ['cannot reach the phone', { status: 'rejected', reason: 'destination_invalid' }],
  ])('is asked where the first %s', async (_why, answer) => {
    const [first, second] = [scripted(answer), scripted(sent)]
    expect(await failoverSender([first, second]).send(message)).toEqual(sent)
    expect([first.calls, second.calls]).toEqual([1, 1])
  })

  test.each<[string, SendResult | Error]>([
    ['sent', sent],
    ['may have sent', { status: 'maybe_sent' }],
    ['threw, and may have sent', new Error('reset')],
    ['says the phone is blocked', { status: 'rejected', reason: 'destination_blocked' }],
    ["says the phone's budget is spent", { status: 'rejected', reason: 'send_limit' }],
  ])('is never asked where the first %s', async (_why, answer) => {
    const [first, second] = [scripted(answer), scripted(sent)]
    const result = await failoverSender([first, second]).send(message)
    expect(result.status).toBe(answer instanceof Error ? 'maybe_sent' : answer.status)
    expect([first.calls, second.calls]).toEqual([1, 0])
  })

  test('does not exist after the last, whose result is final', async () => {
    const only = failoverSender([scripted(unavailable), scripted(unavailable)])
    expect(await only.send(message)).toEqual(unavailable)
  })
})

describe('a sender that keeps failing', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('is skipped after several faults in a row, and later retried with one message', async () => {
    const dead = scripted(unavailable, unavailable, sent)
    const spare = scripted(sent)
    const sender = failoverSender([dead, spare], { breakAfterFaults: 2, breakSeconds: 30 })
    for (let message_ = 0; message_ < 5; message_ += 1) await sender.send(message)
    expect([dead.calls, spare.calls]).toEqual([2, 5])
    vi.advanceTimersByTime(30_000)
    await sender.send(message)
    await sender.send(message)
    expect([dead.calls, spare.calls]).toEqual([4, 5])
  })

  test('returns when to retry if there is no other', async () => {
    const sender = failoverSender([scripted(unavailable)], { breakAfterFaults: 1, breakSeconds: 7 })
    await sender.send(message)
    expect(await sender.send(message)).toEqual({ ...unavailable, retryAfterSeconds: 7 })
  })

  test('does not mean one that refuses phones', async () => {
    const strict = scripted({ status: 'rejected', reason: 'destination_blocked' })
    const sender = failoverSender([strict], { breakAfterFaults: 1 })
    await sender.send(message)
    await sender.send(message)
    expect(strict.calls).toBe(2)
  })
})

test('senders of different channels, none at all, and odd options are refused at construction', () => {
  const call: CodeSender = { ...scripted(sent), channel: 'call' }
  expect(() => failoverSender([])).toThrow(/one or more senders/)
  expect(() => failoverSender([scripted(sent), call])).toThrow(/all for one channel/)
  expect(() => failoverSender([scripted(sent)], { breakAfterFaults: 0 })).toThrow(
    /breakAfterFaults/,
  )
})

describe('a message without a code', () => {
  const notice = { to: message.to, text: 'Your phone number was replaced.', locale: null }
  const notifying = (...answers: (SendResult | Error)[]) => {
    const sender = scripted(...answers)
    return Object.assign(sender, { notify: () => sender.send(message) })
  }

  test('is sent by the first sender that supports such messages and accepts it', async () => {
    const codesAlone = scripted(sent)
    const failing = notifying(unavailable)
    const working = notifying(sent)
    expect(await failoverSender([codesAlone, failing, working]).notify?.(notice)).toEqual(sent)
    expect([codesAlone.calls, failing.calls, working.calls]).toEqual([0, 1, 1])
  })

  test('is not sent twice if it may have been sent', async () => {
    const lost = notifying(new Error('no answer'))
    const next = notifying(sent)
    const result = await failoverSender([lost, next]).notify?.(notice)
    expect([result?.status, next.calls]).toEqual(['maybe_sent', 0])
  })

  test('cannot be sent if no sender supports such messages', () => {
    expect(failoverSender([scripted(sent), scripted(sent)]).notify).toBeUndefined()
  })
})
