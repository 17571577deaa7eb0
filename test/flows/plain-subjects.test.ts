/** Whom the plain calls may be about: users, ids, numbers, and what is none of them. */

import { beforeEach, describe, expect, test } from 'vitest'

import { ConfigurationError, forSubject, type ForSubject } from '../../src/index.js'
import { startTestApp, wrongFor } from '../support/app.js'
import { job, openPlain, type Plain } from '../support/plain.js'

let plain: Plain
beforeEach(() => {
  plain = openPlain()
})

const told = (answer: { status: string; code?: string }) => answer.code ?? answer.status
/** As a caller without types may call it. */
const untyped = (...parts: unknown[]) => Reflect.apply(forSubject, undefined, parts) as ForSubject
const last = () => plain.codes().at(-1) ?? ''

describe('a subject with the id of a user', () => {
  test('shares the user’s row: the code, the wait, the failures', async () => {
    const subject = forSubject('1')
    await plain.secondFactor.start(plain.alice)
    expect(await plain.secondFactor.status(subject)).toEqual(
      await plain.secondFactor.status(plain.alice),
    )
    await plain.secondFactor.verify(subject, wrongFor(last()))
    expect(await plain.secondFactor.status(plain.alice)).toMatchObject({ failures: 1 })
    expect(told(await plain.secondFactor.start(forSubject('1', '+14155550199')))).toBe('cooldown')
    expect(told(await plain.secondFactor.verify(plain.alice, last()))).toBe('passed')
  })

  test('sent a code to another number ends the one that ran', async () => {
    await plain.secondFactor.start(plain.alice)
    const old = last()
    plain.now += 30_000
    const answer = await plain.secondFactor.start(forSubject('1', '+14155550199'))
    expect(answer).toMatchObject({ destination: '••••99' })
    expect(told(await plain.secondFactor.verify(plain.alice, old))).toBe('code_incorrect')
    expect(told(await plain.secondFactor.verify(plain.alice, last()))).toBe('passed')
  })

  test('needs a number for a start, and for nothing else', async () => {
    const subject = forSubject('1')
    expect(told(await plain.secondFactor.start(subject))).toBe('destination_missing')
    await plain.secondFactor.start(plain.alice)
    expect(told(await plain.secondFactor.verify(subject, last()))).toBe('passed')
    await plain.secondFactor.reset(subject)
    await plain.secondFactor.revoke(subject)
  })

  test('raises no session of the user, and ends all of them', async () => {
    const app = await startTestApp()
    const browser = await app.login('alice')
    await app.secondFactor.verify(forSubject('1'), app.codeFor('alice'))
    expect((await browser.get('/account')).status).toBe(403)
    await browser.post('/second-factor/challenge')
    await browser.post('/second-factor/verify', { code: app.codeFor('alice') })
    expect((await browser.get('/account')).status).toBe(200)
    await app.secondFactor.revoke(forSubject('1'))
    expect((await browser.get('/account')).status).toBe(403)
    await app.close()
  })
})

describe('a user who is confirming a number in a session', () => {
  test('is sent a code to the number on file, which the plain calls then judge', async () => {
    const app = await startTestApp()
    const erin = await app.login('erin')
    app.clock.advance(30)
    expect((await erin.post('/second-factor/phone', { phone: '+14155550188' })).status).toBe(201)
    const confirming = app.inbox.inbox('+14155550188')[0]?.code ?? ''
    app.clock.advance(60)
    const user = app.users[3]
    if (user === undefined) throw new Error('nobody there')
    expect(await app.secondFactor.start(user)).toMatchObject({ destination: '••••23' })
    expect(told(await app.secondFactor.verify(user, app.codeFor('erin')))).toBe('passed')
    const { json } = await erin.post('/second-factor/phone/verify', { code: confirming })
    expect(json).toMatchObject({ code: 'no_challenge' })
    await app.close()
  })

  test('without a number on file keeps the confirmation that runs', async () => {
    const app = await startTestApp()
    const carol = await app.login('carol')
    await carol.post('/second-factor/phone', { phone: '+14155550188' })
    app.clock.advance(30)
    const user = app.users[2]
    if (user === undefined) throw new Error('nobody there')
    expect(told(await app.secondFactor.start(user))).toBe('destination_missing')
    const code = app.inbox.inbox('+14155550188')[0]?.code
    expect((await carol.post('/second-factor/phone/verify', { code })).status).toBe(200)
    await app.close()
  })
})

describe('the row of a number', () => {
  test('is apart from that of the user who has it', async () => {
    const alices = forSubject('tel:+237671234567', '+237671234567')
    await plain.secondFactor.start(plain.alice)
    expect(told(await plain.secondFactor.start(alices))).toBe('pending')
    expect(await plain.store.read('tel:+237671234567')).toMatchObject({ sends: { count: 1 } })
  })

  test('is masked in what the events hear', async () => {
    await plain.secondFactor.start(forSubject('tel:+237671234567', '+237671234567'))
    await plain.secondFactor.reset(forSubject('tel:+237671234567'))
    expect(plain.events).toMatchObject([{ subject: 'tel:••••67' }, { subject: 'tel:••••67' }])
  })

  test('is the one of the endpoints without a login, for an operator too', async () => {
    const app = await startTestApp({
      secondFactor: {
        users: {
          id: ({ id }) => id,
          phone: ({ phone }) => phone,
          findByPhone: () => null,
          setVerifiedPhone: () => undefined,
        },
      },
      routes: (server, secondFactor) => server.use('/otp', secondFactor.phoneVerificationRouter()),
    })
    const body = { phone_number: '+237 671 23 45 67' }
    await app.browser().post('/otp/generate/', body)
    const number = forSubject('tel:+237671234567')
    expect(await app.secondFactor.status(number)).toMatchObject({ sends: 1 })
    expect((await app.browser().post('/otp/generate/', body)).status).toBe(429)
    await app.secondFactor.resetResends(number)
    expect((await app.browser().post('/otp/generate/', body)).status).toBe(200)
    const otp = app.inbox.inbox()[0]?.code ?? ''
    expect(told(await app.secondFactor.verify(number, otp))).toBe('no_challenge')
    const verified = await app.browser().post('/otp/verify/', { ...body, otp })
    expect(verified.json).toMatchObject({ code: 'unknown_number' })
    await app.close()
  })
})

describe('what can be no subject', () => {
  test.each([
    ...['', ' ', ' 1', '1 ', 'a\nb', 'a\0b', 'x'.repeat(201), '\uD800'],
    ...['tel:', 'tel:abc', 'tel:237671234567', 'tel:+237 671 23 45 67', 'tel:tel:+237671234567'],
    ...['tel:+0237671234567', 'tel:+1', 'tel:+2376712345678901', 'tel:+237671234567\n'],
    ...[null, undefined, {}, ['1'], Number.NaN, 1.5, true],
  ])('%j is refused at once', (id) => {
    expect(() => untyped(id)).toThrow(ConfigurationError)
  })

  test('a whole number is the id that a user with that number has', async () => {
    await plain.secondFactor.start(plain.alice)
    const subject = untyped(1)
    expect(await plain.secondFactor.status(subject)).toMatchObject({ sends: 1 })
  })

  test.each([{ id: '' }, { id: null }, { id: 'tel:+237671234567' }, {}])(
    'a user with the id of %j is refused, and nothing is sent',
    async (user) => {
      const start = () =>
        plain.secondFactor.start({ ...plain.alice, id: undefined, ...user } as never)
      await expect(start()).rejects.toThrow(ConfigurationError)
      expect(plain.codes()).toEqual([])
    },
  )
})

describe('a number', () => {
  test.each([
    ...['671234567', '+237', 'no number', '+237671234567 ext 5', '+2376712345\u200B67', '+999123'],
    ...[237671234567, {}, ['+237671234567'], true],
  ])('%j is none, and nothing is sent or counted', async (phone) => {
    const answer = await plain.secondFactor.start(untyped('job-7', phone))
    expect(answer).toEqual({ status: 'refused', code: 'destination_invalid' })
    expect([plain.codes(), await plain.store.read('job-7')]).toEqual([[], null])
  })

  test.each([undefined, null, ''])('%j is missing', async (phone) => {
    const answer = await plain.secondFactor.start(untyped('job-7', phone))
    expect(answer).toEqual({ status: 'refused', code: 'destination_missing' })
  })

  test('of a country that is not allowed is blocked', async () => {
    plain = openPlain({ phone: { allowedCountries: ['CM'] } })
    expect(told(await plain.secondFactor.start(job()))).toBe('destination_blocked')
    expect(told(await plain.secondFactor.start(plain.alice))).toBe('pending')
  })

  test.each([
    '+1 415 555 0199',
    '001 (415) 555-0199',
    'tel:+1-415-555-0199',
    '＋１４１５５５５０１９９',
  ])('spelled %s is one and the same', async (phone) => {
    await plain.secondFactor.start(forSubject('job-7', phone))
    expect(plain.inbox.inbox().map(({ to }) => to)).toEqual(['+14155550199'])
    plain.now += 30_000
    await plain.secondFactor.start(job('job-7'))
    expect(new Set(plain.codes()).size).toBe(1)
  })
})
