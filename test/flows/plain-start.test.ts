/** Codes without HTTP, for users and for whoever is none: when one is sent, which one, and what it is good for. */

import { beforeEach, describe, expect, test } from 'vitest'

import { forSubject, type Channel } from '../../src/index.js'
import { wrongFor } from '../support/app.js'
import { job, openPlain, t0, type Plain } from '../support/plain.js'

const second = 1000

let plain: Plain
beforeEach(() => {
  plain = openPlain()
})

const view = () => ({
  ...{ status: 'pending', method: 'sms', channel: 'sms', destination: '••••99' },
  ...{ codeLength: 6, attemptsLeft: 5, expiresAt: plain.at(300), expiresInSeconds: 300 },
  ...{ resendAt: plain.at(30), resendInSeconds: 30 },
})
const told = (answer: { status: string; code?: string }) => answer.code ?? answer.status
const last = () => plain.codes().at(-1) ?? ''

describe.each<[string, () => Parameters<Plain['secondFactor']['start']>[0]]>([
  ['a user', () => plain.alice],
  ['a subject', () => job()],
  ['a number', () => forSubject('tel:+14155550199', '+1 (415) 555-0199')],
])('%s', (_name, target) => {
  const { start, verify, expire } = {
    start: (options?: { renew?: boolean }) => plain.secondFactor.start(target(), options),
    verify: (code: string) => plain.secondFactor.verify(target(), code),
    expire: () => plain.secondFactor.expire(target()),
  }

  test('is sent a code that passes once', async () => {
    expect(await start()).toMatchObject({ ...view(), destination: expect.any(String) as string })
    expect(await verify(last())).toEqual({
      ...{ status: 'passed', method: 'sms', amr: ['pwd', 'otp', 'sms', 'mfa'] },
      ...{ passedAt: plain.at(), expiresAt: plain.at(43_200) },
    })
    expect(told(await verify(last()))).toBe('no_challenge')
  })

  test('is sent the same code again while it lives', async () => {
    await start()
    plain.now += 30 * second
    expect(await start()).toMatchObject({ expiresAt: new Date(t0 + 300 * second) })
    expect(new Set(plain.codes()).size).toBe(1)
  })

  test.each<[string, () => Promise<unknown>]>([
    ['has expired', () => Promise.resolve((plain.now += 311 * second))],
    ['was ended', () => expire()],
    [
      'is used up',
      async () => {
        for (let guess = 0; guess < 5; guess += 1) await verify(wrongFor(last()))
      },
    ],
    ['has passed', () => verify(last())],
  ])('is sent a new code where the last one %s', async (_why, end) => {
    await start()
    const old = last()
    await end()
    plain.now += 30 * second
    expect(await start()).toMatchObject({ attemptsLeft: 5, expiresInSeconds: 300 })
    expect(last()).not.toBe(old)
    expect(told(await verify(old))).toBe('code_incorrect')
    expect(told(await verify(last()))).toBe('passed')
  })

  test('is sent a new code where one is asked for, and the old one is dead from then on', async () => {
    await start()
    const old = last()
    await verify(wrongFor(old))
    plain.now += 30 * second
    expect(await start({ renew: true })).toMatchObject({
      ...{ attemptsLeft: 5, expiresInSeconds: 300, resendInSeconds: 60 },
    })
    expect(last()).not.toBe(old)
    expect(await verify(old)).toMatchObject({ code: 'code_incorrect', attemptsLeft: 4 })
    expect(told(await verify(last()))).toBe('passed')
  })

  test('is sent no new code before its time, and the old one lives on', async () => {
    await start()
    for (const renew of [true, false]) {
      expect(await start({ renew })).toMatchObject({
        ...{ code: 'cooldown', retryAt: plain.at(30), retryAfterSeconds: 30 },
      })
    }
    expect(plain.codes()).toHaveLength(1)
    expect(told(await verify(last()))).toBe('passed')
  })
})

describe('a new code that was asked for', () => {
  test('ends the code of a running session too, and forgives no failure', async () => {
    await plain.secondFactor.start(plain.alice)
    const old = last()
    for (let guess = 0; guess < 4; guess += 1) {
      await plain.secondFactor.verify(plain.alice, wrongFor(old))
    }
    plain.now += 30 * second
    await plain.secondFactor.start(plain.alice, { renew: true })
    expect((await plain.store.read('1'))?.failures).toBe(4)
  })

  test('where nothing runs is as good as any', async () => {
    expect(await plain.secondFactor.start(job(), { renew: true })).toEqual(view())
    expect(told(await plain.secondFactor.verify(job(), last()))).toBe('passed')
  })
})

describe('a code', () => {
  test('is written in the language that was asked for, or the user’s own', async () => {
    plain = openPlain({
      users: { id: ({ id }) => id, phone: ({ phone }) => phone, locale: () => 'de' },
    })
    await plain.secondFactor.start(plain.alice)
    await plain.secondFactor.start(job('job-1'), { locale: 'fr' })
    await plain.secondFactor.start(job('job-2'))
    const texts = plain.inbox.inbox().map(({ text }) => text)
    expect(new Set(texts.map((text) => text.replace(/\d{6}/g, ''))).size).toBe(3)
  })

  test('travels by the channel that was asked for', async () => {
    const sent: Channel[] = []
    const senderOf = (channel: Channel) => ({
      channel,
      send: () => Promise.resolve({ status: 'sent' as const }).finally(() => sent.push(channel)),
    })
    plain = openPlain({ sender: [senderOf('sms'), senderOf('call')] })
    expect(await plain.secondFactor.start(job(), { channel: 'call' })).toMatchObject({
      channel: 'call',
    })
    plain.now += 30 * second
    await plain.secondFactor.start(job())
    plain.now += 60 * second
    expect(await plain.secondFactor.start(job(), { channel: 'sms' })).toMatchObject({
      ...{ channel: 'sms', expiresInSeconds: 210 },
    })
    expect(sent).toEqual(['call', 'call', 'sms'])
  })

  test('by a channel that is not configured is not sent, and the running one stays', async () => {
    await plain.secondFactor.start(job())
    plain.now += 30 * second
    const answer = await plain.secondFactor.start(job(), { channel: 'call' })
    expect(told(answer)).toBe('service_misconfigured')
    expect(await plain.secondFactor.status(job())).toMatchObject({
      ...{ sends: 1, challenge: { channel: 'sms', attemptsLeft: 5 } },
    })
    expect(told(await plain.secondFactor.verify(job(), last()))).toBe('passed')
  })

  test.each([['12345'], ['1234567'], ['12345a'], [''], [123456], [null], [['123456']], [{}]])(
    'that can be none costs no guess: %j',
    async (code) => {
      await plain.secondFactor.start(job())
      expect(await plain.secondFactor.verify(job(), code as string)).toEqual({
        ...{ status: 'refused', code: 'malformed_request' },
      })
      expect(await plain.secondFactor.status(job())).toMatchObject({ failures: 0 })
    },
  )

  test('may be typed with spaces and hyphens', async () => {
    await plain.secondFactor.start(job())
    const typed = `${last().slice(0, 3)}-${last().slice(3)} `
    expect(told(await plain.secondFactor.verify(job(), typed))).toBe('passed')
  })

  test('of one subject is nobody else’s', async () => {
    await plain.secondFactor.start(job('job-1'))
    await plain.secondFactor.start(job('job-2'))
    const [first = '', other = ''] = plain.codes()
    if (first !== other) {
      expect(told(await plain.secondFactor.verify(job('job-1'), other))).toBe('code_incorrect')
    }
    expect(told(await plain.secondFactor.verify(job('job-2'), other))).toBe('passed')
  })
})
