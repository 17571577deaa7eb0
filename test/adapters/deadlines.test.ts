/** A hung dependency delays one message and stops nobody else. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { redisStore, type SendCommand } from '../../src/adapters/redis/index.js'
import { textbeeSender } from '../../src/adapters/textbee/index.js'
import { failoverSender, Sensitive, type CodeSender, type SendResult } from '../../src/index.js'
import { second } from '../support/clock.js'

const message = {
  to: '+237671234567',
  code: new Sensitive('123456'),
  text: new Sensitive('123456 is your code'),
  expiresAt: new Date(0),
  validForSeconds: 300,
  locale: null,
}
const never = <T>() => new Promise<T>(() => undefined)
const sent: SendResult = { status: 'sent' }
const unavailable: SendResult = { status: 'rejected', reason: 'unavailable' }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** The value or error that a promise has settled with by now, or `undefined`. */
async function soFar<T>(promise: Promise<T>): Promise<T | undefined> {
  let answer: T | undefined
  promise.then(
    (value) => (answer = value),
    () => undefined,
  )
  await vi.advanceTimersByTimeAsync(0)
  return answer
}

describe('a sender that hangs when it is retried', () => {
  let answer: () => Promise<SendResult>
  let calls = 0
  const dead: CodeSender = {
    channel: 'sms',
    send: () => {
      calls += 1
      return answer()
    },
  }
  const spare: CodeSender = { channel: 'sms', send: () => Promise.resolve(sent) }
  beforeEach(() => {
    calls = 0
    answer = () => Promise.resolve(unavailable)
  })

  test('stops no other message: each goes to the next sender at once', async () => {
    const sender = failoverSender([dead, spare], { breakAfterFaults: 1, breakSeconds: 30 })
    await sender.send(message)
    await vi.advanceTimersByTimeAsync(30 * second)
    answer = never
    const probe = sender.send(message)
    for (let nth = 0; nth < 3; nth += 1) expect(await soFar(sender.send(message))).toEqual(sent)
    expect(calls).toBe(2)
    await vi.advanceTimersByTimeAsync(14 * second)
    expect(await soFar(probe)).toEqual({
      ...{ status: 'maybe_sent', reason: 'the sender did not answer' },
    })
  })

  test('is tried again later, and works again', async () => {
    const sender = failoverSender([dead], { breakAfterFaults: 1, breakSeconds: 30 })
    await sender.send(message)
    await vi.advanceTimersByTimeAsync(30 * second)
    answer = never
    const probe = sender.send(message)
    await vi.advanceTimersByTimeAsync(14 * second)
    expect(await soFar(probe)).toMatchObject({ status: 'maybe_sent' })
    expect(await soFar(sender.send(message))).toMatchObject({ reason: 'unavailable' })
    await vi.advanceTimersByTimeAsync(30 * second)
    answer = () => Promise.resolve(sent)
    expect(await soFar(sender.send(message))).toEqual(sent)
  })
})

test('a Redis that does not respond to the first command is asked again once it is back', async () => {
  let reply = (): Promise<unknown> => never()
  const asked: string[] = []
  const sendCommand: SendCommand = (_key, [command]) => {
    asked.push(command)
    if (command === 'CONFIG') return reply()
    return Promise.resolve(null)
  }
  const store = redisStore({ sendCommand })
  const during = store.read('user-1')
  const failure = expect(during).rejects.toThrow('did not report its maxmemory-policy within 5 s')
  await vi.advanceTimersByTimeAsync(5 * second)
  await failure
  reply = () => Promise.resolve(['maxmemory-policy', 'noeviction'])
  expect(await store.read('user-1')).toBeNull()
  expect(await store.read('user-1')).toBeNull()
  expect(asked).toEqual(['CONFIG', 'CONFIG', 'get', 'get'])
})

test.each<[string, () => Promise<Response>]>([
  ['never answers', () => never()],
  [
    'never ends its answer',
    () =>
      Promise.resolve(new Response(new ReadableStream({ pull: () => never() }), { status: 201 })),
  ],
])('a fetch that ignores its signal and %s costs a message its timeout', async (_how, fetch) => {
  const sender = textbeeSender({ apiKey: 'key', deviceId: 'device', timeoutSeconds: 3, fetch })
  const answer = sender.send(message)
  await vi.advanceTimersByTimeAsync(3 * second - 1)
  expect(await soFar(answer)).toBeUndefined()
  await vi.advanceTimersByTimeAsync(1)
  expect(await soFar(answer)).toMatchObject({ status: 'maybe_sent' })
})
