/** Codes without HTTP, for users and for other subjects: when one is sent, which one, and when it passes. */

import { beforeEach, describe, expect, test } from 'vitest'

import { forSubject, type Channel } from '../../src/index.js'
import { second, t0 } from '../support/clock.js'
import { outcomeOf, wrongCode } from '../support/codes.js'
import { job, openHeadless, type Headless } from '../support/headless.js'
import { rowOf } from '../support/rows.js'

let headless: Headless
beforeEach(() => {
  headless = openHeadless()
})

const view = () => ({
  ...{ status: 'pending', method: 'sms', channel: 'sms', destination: '••••99' },
  ...{ codeLength: 6, attemptsLeft: 5, expiresAt: headless.at(300), expiresInSeconds: 300 },
  ...{ resendAt: headless.at(30), resendInSeconds: 30 },
})
const last = () => headless.codes().at(-1) ?? ''

describe.each<[string, () => Parameters<Headless['secondFactor']['start']>[0]]>([
  ['a user', () => headless.alice],
  ['a subject', () => job()],
  ['a phone', () => forSubject('tel:+14155550199', '+1 (415) 555-0199')],
])('%s', (_name, target) => {
  const { start, verify, expire } = {
    start: (options?: { renew?: boolean }) => headless.secondFactor.start(target(), options),
    verify: (code: string) => headless.secondFactor.verify(target(), code),
    expire: () => headless.secondFactor.expire(target()),
  }

  test('is sent a code that passes once', async () => {
    expect(await start()).toMatchObject({ ...view(), destination: expect.any(String) as string })
    expect(await verify(last())).toEqual({
      ...{ status: 'passed', method: 'sms', amr: ['pwd', 'otp', 'sms', 'mfa'] },
      ...{ passedAt: headless.at(), expiresAt: headless.at(43_200) },
    })
    expect(outcomeOf(await verify(last()))).toBe('no_challenge')
  })

  test('is sent the same code again while it is valid', async () => {
    await start()
    headless.now += 30 * second
    expect(await start()).toMatchObject({ expiresAt: new Date(t0 + 300 * second) })
    expect(new Set(headless.codes()).size).toBe(1)
  })

  test.each<[string, () => Promise<unknown>]>([
    ['has expired', () => Promise.resolve((headless.now += 311 * second))],
    ['was ended', () => expire()],
    [
      'is used up',
      async () => {
        for (let guess = 0; guess < 5; guess += 1) await verify(wrongCode(last()))
      },
    ],
    ['has passed', () => verify(last())],
  ])('is sent a new code where the last one %s', async (_why, end) => {
    await start()
    const old = last()
    await end()
    headless.now += 30 * second
    expect(await start()).toMatchObject({ attemptsLeft: 5, expiresInSeconds: 300 })
    expect(last()).not.toBe(old)
    expect(outcomeOf(await verify(old))).toBe('code_incorrect')
    expect(outcomeOf(await verify(last()))).toBe('passed')
  })

  test('is sent a new code on request, and the old one no longer passes', async () => {
    await start()
    const old = last()
    await verify(wrongCode(old))
    headless.now += 30 * second
    expect(await start({ renew: true })).toMatchObject({
      ...{ attemptsLeft: 5, expiresInSeconds: 300, resendInSeconds: 60 },
    })
    expect(last()).not.toBe(old)
    expect(await verify(old)).toMatchObject({ code: 'code_incorrect', attemptsLeft: 4 })
    expect(outcomeOf(await verify(last()))).toBe('passed')
  })

  test('is sent no new code during the wait, and the old one still passes', async () => {
    await start()
    for (const renew of [true, false]) {
      expect(await start({ renew })).toMatchObject({
        ...{ code: 'cooldown', retryAt: headless.at(30), retryAfterSeconds: 30 },
      })
    }
    expect(headless.codes()).toHaveLength(1)
    expect(outcomeOf(await verify(last()))).toBe('passed')
  })
})

describe('a requested new code', () => {
  test('also ends a session’s code, and keeps the failures', async () => {
    await headless.secondFactor.start(headless.alice)
    const old = last()
    for (let guess = 0; guess < 4; guess += 1) {
      await headless.secondFactor.verify(headless.alice, wrongCode(old))
    }
    headless.now += 30 * second
    await headless.secondFactor.start(headless.alice, { renew: true })
    expect((await rowOf(headless.store, '1')).failures).toBe(4)
    expect(outcomeOf(await headless.secondFactor.verify(headless.alice, old))).toBe(
      'code_incorrect',
    )
  })

  test('is sent if there is no pending code, and passes', async () => {
    expect(await headless.secondFactor.start(job(), { renew: true })).toEqual(view())
    expect(outcomeOf(await headless.secondFactor.verify(job(), last()))).toBe('passed')
  })
})

describe('a code', () => {
  test('is in the requested language, else in the user’s own', async () => {
    headless = openHeadless({
      users: { id: ({ id }) => id, phone: ({ phone }) => phone, locale: () => 'de' },
    })
    await headless.secondFactor.start(headless.alice)
    await headless.secondFactor.start(job('job-1'), { locale: 'fr' })
    await headless.secondFactor.start(job('job-2'))
    const texts = headless.inbox.inbox().map(({ text }) => text)
    expect(new Set(texts.map((text) => text.replace(/\d{6}/g, ''))).size).toBe(3)
  })

  test('goes by the requested channel, and again by the same one', async () => {
    const sent: Channel[] = []
    const senderOf = (channel: Channel) => ({
      channel,
      send: () => Promise.resolve({ status: 'sent' as const }).finally(() => sent.push(channel)),
    })
    headless = openHeadless({ sender: [senderOf('sms'), senderOf('call')] })
    expect(await headless.secondFactor.start(job(), { channel: 'call' })).toMatchObject({
      channel: 'call',
    })
    headless.now += 30 * second
    await headless.secondFactor.start(job())
    headless.now += 60 * second
    expect(await headless.secondFactor.start(job(), { channel: 'sms' })).toMatchObject({
      ...{ channel: 'sms', expiresInSeconds: 210 },
    })
    expect(sent).toEqual(['call', 'call', 'sms'])
  })

  test('is not sent by a channel that is not configured, and the pending one stays', async () => {
    await headless.secondFactor.start(job())
    headless.now += 30 * second
    const answer = await headless.secondFactor.start(job(), { channel: 'call' })
    expect(outcomeOf(answer)).toBe('malformed_request')
    expect(await headless.secondFactor.status(job())).toMatchObject({
      ...{ sends: 1, challenge: { channel: 'sms', attemptsLeft: 5 } },
    })
    expect(outcomeOf(await headless.secondFactor.verify(job(), last()))).toBe('passed')
  })

  test.each([['12345'], ['1234567'], ['12345a'], [''], [123456], [null], [['123456']], [{}]])(
    'that is malformed costs no attempt: %j',
    async (code) => {
      await headless.secondFactor.start(job())
      expect(await headless.secondFactor.verify(job(), code as string)).toEqual({
        ...{ status: 'refused', code: 'malformed_request' },
      })
      expect(await headless.secondFactor.status(job())).toMatchObject({ failures: 0 })
    },
  )

  test('can be typed with spaces and hyphens', async () => {
    await headless.secondFactor.start(job())
    const typed = `${last().slice(0, 3)}-${last().slice(3)} `
    expect(outcomeOf(await headless.secondFactor.verify(job(), typed))).toBe('passed')
  })

  test('of one subject does not pass for another', async () => {
    await headless.secondFactor.start(job('job-1'))
    await headless.secondFactor.start(job('job-2'))
    const [first = '', other = ''] = headless.codes()
    if (first !== other) {
      expect(outcomeOf(await headless.secondFactor.verify(job('job-1'), other))).toBe(
        'code_incorrect',
      )
    }
    expect(outcomeOf(await headless.secondFactor.verify(job('job-2'), other))).toBe('passed')
  })
})
