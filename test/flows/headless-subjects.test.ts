/** The subjects of the headless calls: users, ids, phones, and input that is none of these. */

import { beforeEach, describe, expect, test } from 'vitest'

import { ConfigurationError, forSubject, type ForSubject, type Target } from '../../src/index.js'
import { startTestApp, type TestUser } from '../support/app.js'
import { outcomeOf, wrongCode } from '../support/codes.js'
import { job, openHeadless, type Headless } from '../support/headless.js'
import { phoneOf, rowOf } from '../support/rows.js'

let headless: Headless
beforeEach(() => {
  headless = openHeadless()
})

/** Called as from JavaScript, without types. */
const untyped = (...parts: unknown[]) => Reflect.apply(forSubject, undefined, parts) as ForSubject
const last = () => headless.codes().at(-1) ?? ''

describe('a subject with the id of a user', () => {
  test('shares the user’s row: the code, the wait, the failures', async () => {
    const subject = forSubject('1')
    await headless.secondFactor.start(headless.alice)
    expect(await headless.secondFactor.status(subject)).toEqual(
      await headless.secondFactor.status(headless.alice),
    )
    await headless.secondFactor.verify(subject, wrongCode(last()))
    expect(await headless.secondFactor.status(headless.alice)).toMatchObject({ failures: 1 })
    expect(outcomeOf(await headless.secondFactor.start(forSubject('1', '+14155550199')))).toBe(
      'cooldown',
    )
    expect(outcomeOf(await headless.secondFactor.verify(headless.alice, last()))).toBe('passed')
  })

  test('ends the pending code when another phone is sent one', async () => {
    await headless.secondFactor.start(headless.alice)
    const old = last()
    headless.now += 30_000
    const answer = await headless.secondFactor.start(forSubject('1', '+14155550199'))
    expect(answer).toMatchObject({ destination: '••••99' })
    const verify = (of: Target<TestUser>, code: string) => headless.secondFactor.verify(of, code)
    expect(outcomeOf(await verify(forSubject('1'), old))).toBe('code_incorrect')
    // The phone is not hers, so that its holder is not her either.
    expect(outcomeOf(await verify(headless.alice, last()))).toBe('no_challenge')
    expect(outcomeOf(await verify(forSubject('1'), last()))).toBe('passed')
  })

  test('needs a phone only for a start', async () => {
    const subject = forSubject('1')
    expect(outcomeOf(await headless.secondFactor.start(subject))).toBe('destination_missing')
    await headless.secondFactor.start(headless.alice)
    expect(outcomeOf(await headless.secondFactor.verify(subject, last()))).toBe('passed')
    await headless.secondFactor.reset(subject)
    await headless.secondFactor.revoke(subject)
  })

  test('passes no session of the user, and ends all their grants', async () => {
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

describe('a user who is enrolling a phone in a session', () => {
  test('is sent a code to the current phone, which the headless calls then judge', async () => {
    const app = await startTestApp()
    const erin = await app.login('erin')
    app.clock.advance(30)
    expect((await erin.post('/second-factor/phone', { phone: '+14155550188' })).status).toBe(201)
    const enrolling = app.inbox.inbox('+14155550188')[0]?.code ?? ''
    app.clock.advance(60)
    const user = app.users[3]
    if (user === undefined) throw new Error('there is no such user')
    expect(await app.secondFactor.start(user)).toMatchObject({ destination: '••••23' })
    expect(outcomeOf(await app.secondFactor.verify(user, app.codeFor('erin')))).toBe('passed')
    const { json } = await erin.post('/second-factor/phone/verify', { code: enrolling })
    expect(json).toMatchObject({ code: 'no_challenge' })
    await app.close()
  })

  test('keeps the pending enrolment if there is no phone yet', async () => {
    const app = await startTestApp()
    const carol = await app.login('carol')
    await carol.post('/second-factor/phone', { phone: '+14155550188' })
    app.clock.advance(30)
    const user = app.users[2]
    if (user === undefined) throw new Error('there is no such user')
    expect(outcomeOf(await app.secondFactor.start(user))).toBe('destination_missing')
    const code = app.inbox.inbox('+14155550188')[0]?.code
    expect((await carol.post('/second-factor/phone/verify', { code })).status).toBe(200)
    await app.close()
  })
})

describe('the row of a phone', () => {
  test('is separate from the row of the phone’s user', async () => {
    const alices = forSubject('tel:+237671234567', '+237671234567')
    await headless.secondFactor.start(headless.alice)
    expect(outcomeOf(await headless.secondFactor.start(alices))).toBe('pending')
    expect(phoneOf(await rowOf(headless.store, 'tel:+237671234567')).sends.count).toBe(1)
  })

  test('is masked in events', async () => {
    await headless.secondFactor.start(forSubject('tel:+237671234567', '+237671234567'))
    await headless.secondFactor.reset(forSubject('tel:+237671234567'))
    expect(headless.events).toMatchObject([{ subject: 'tel:••••67' }, { subject: 'tel:••••67' }])
  })

  test('is the row that the endpoints without a login use, for an operator too', async () => {
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
    const phone = forSubject('tel:+237671234567')
    expect(await app.secondFactor.status(phone)).toMatchObject({ sends: 1 })
    expect((await app.browser().post('/otp/generate/', body)).status).toBe(429)
    await app.secondFactor.resetResends(phone)
    expect((await app.browser().post('/otp/generate/', body)).status).toBe(200)
    const otp = app.inbox.inbox()[0]?.code ?? ''
    expect(outcomeOf(await app.secondFactor.verify(phone, otp))).toBe('no_challenge')
    const verified = await app.browser().post('/otp/verify/', { ...body, otp })
    expect(verified.json).toMatchObject({ code: 'unknown_number' })
    await app.close()
  })
})

describe('an id', () => {
  test.each([
    ...['', ' ', ' 1', '1 ', 'a\nb', 'a\0b', 'x'.repeat(201), '\uD800'],
    ...['tel:', 'tel:abc', 'tel:237671234567', 'tel:+237 671 23 45 67', 'tel:tel:+237671234567'],
    ...['tel:+0237671234567', 'tel:+1', 'tel:+2376712345678901', 'tel:+237671234567\n'],
    ...[null, undefined, {}, ['1'], Number.NaN, 1.5, true],
  ])('of %j is rejected at once', (id) => {
    expect(() => untyped(id)).toThrow(ConfigurationError)
  })

  test('can be an integer, like a user’s', async () => {
    await headless.secondFactor.start(headless.alice)
    const subject = untyped(1)
    expect(await headless.secondFactor.status(subject)).toMatchObject({ sends: 1 })
  })

  test.each([{ id: '' }, { id: null }, { id: 'tel:+237671234567' }, {}])(
    'of a user must not be %j: nothing is sent',
    async (user) => {
      const start = () =>
        headless.secondFactor.start({ ...headless.alice, id: undefined, ...user } as never)
      await expect(start()).rejects.toThrow(ConfigurationError)
      expect(headless.codes()).toEqual([])
    },
  )
})

describe('a phone', () => {
  test.each([
    ...['671234567', '+237', 'no number', '+237671234567 ext 5', '+999123'],
    ...[237671234567, {}, ['+237671234567'], true],
  ])('must not be %j: nothing is sent or counted', async (phone) => {
    const answer = await headless.secondFactor.start(untyped('job-7', phone))
    expect(answer).toEqual({ status: 'refused', code: 'destination_invalid' })
    expect([headless.codes(), await headless.store.read('job-7')]).toEqual([[], null])
  })

  test.each([undefined, null, ''])('%j counts as missing', async (phone) => {
    const answer = await headless.secondFactor.start(untyped('job-7', phone))
    expect(answer).toEqual({ status: 'refused', code: 'destination_missing' })
  })

  test('of a country that is not allowed is blocked', async () => {
    headless = openHeadless({ phone: { allowedCountries: ['CM'] } })
    expect(outcomeOf(await headless.secondFactor.start(job()))).toBe('destination_blocked')
    expect(outcomeOf(await headless.secondFactor.start(headless.alice))).toBe('pending')
  })

  test.each([
    '+1 415 555 0199',
    '001 (415) 555-0199',
    'tel:+1-415-555-0199',
    '＋１４１５５５５０１９９',
  ])('spelt %s is the same phone', async (phone) => {
    await headless.secondFactor.start(forSubject('job-7', phone))
    expect(headless.inbox.inbox().map(({ to }) => to)).toEqual(['+14155550199'])
    headless.now += 30_000
    await headless.secondFactor.start(job('job-7'))
    expect(new Set(headless.codes()).size).toBe(1)
  })
})
