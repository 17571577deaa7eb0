/** `POST {mount}/phone` and `/phone/verify`: adding a first phone, and correcting one that was never verified. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { UserDirectory } from '../../src/index.js'
import { startTestApp, type TestApp, type TestUser } from '../support/app.js'
import type { Answer } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { isIn } from '../support/in-or-out.js'
import { expectProblem, expectRefusedForm } from '../support/problem.js'

const phone = '/second-factor/phone'
const verify = '/second-factor/phone/verify'
const challengeUrl = '/second-factor/'
const newPhone = '+33612345678'

let app: TestApp
/** The phones that the application was asked to keep. */
let kept: [username: string, phone: string][]

const directory: UserDirectory<TestUser> = {
  id: (user) => user.id,
  phone: (user) => user.phone && { number: user.phone, verified: user.verified },
  setVerifiedPhone(user, verified) {
    kept.push([user.username, verified])
    user.phone = verified
    user.verified = true
  },
}

beforeEach(async () => {
  kept = []
  app = await startTestApp({ secondFactor: { users: directory, phone: { allowedCountries } } })
})
afterEach(() => app.close())

const allowedCountries = ['CM', 'IN', 'US', 'FR', 'GB']
const codeTo = (to: string) => app.inbox.inbox(to)[0]?.code ?? ''

/** A challenge made just now, for a phone that ends in these digits. */
function fresh(end: string, said: object = {}): object {
  return {
    ...{ status: 'pending', method: 'sms', channel: 'sms', destination: `••••${end}` },
    ...{ codeLength: 6, attemptsLeft: 5, expiresAt: app.clock.iso(300), expiresInSeconds: 300 },
    ...{ resendAt: app.clock.iso(30), resendInSeconds: 30, ...said },
  }
}

function expectAnswer(answer: Answer, status: number, body: object): void {
  expect([answer.status, answer.json]).toEqual([status, body])
}

/** The fields that a response adds if it passed the second factor too. */
function passed(): object {
  return {
    ...{ method: 'sms', amr: ['pwd', 'otp', 'sms', 'mfa'], returnTo: '/account' },
    ...{ passedAt: app.clock.iso(), expiresAt: app.clock.iso(43_200) },
  }
}

describe('a first phone', () => {
  test('needs only the password, counts from its right code on, and passes the second factor', async () => {
    const carol = await app.login('carol')
    expectProblem(await carol.post('/second-factor/challenge'), 'destination_missing')
    expectAnswer(await carol.post(phone, { phone: '+33 6 12 34 56 78' }), 201, fresh('78'))
    expect([kept, app.inbox.inbox().map(({ to }) => to)]).toEqual([[], [newPhone]])
    expect((await carol.get('/second-factor/')).json).toMatchObject({
      ...{ methods: [], challenge: fresh('78'), passed: false },
    })
    expectProblem(
      await carol.post(verify, { code: wrongCode(codeTo(newPhone)) }),
      'code_incorrect',
      {
        attemptsLeft: 4,
      },
    )
    expect([kept, await isIn(carol)]).toEqual([[], false])
    const answer = await carol.post(verify, { code: codeTo(newPhone) })
    expectAnswer(answer, 200, { status: 'verified', phone: '••••78', ...passed() })
    expect([kept, await isIn(carol)]).toEqual([[['carol', newPhone]], true])
  })

  test('can be added and verified on the pages, which lead back', async () => {
    const carol = app.browser()
    await carol.submit('/login', { username: 'carol', password: 'password' })
    await carol.page('/account?tab=2')
    expect((await carol.page('/second-factor/')).text).toContain(`action="${phone}"`)
    const invalid = await carol.submit(phone, { phone: '+123' })
    await expectRefusedForm(carol, invalid, /include the country code/, phone)
    const sent = await carol.submit(phone, { phone: newPhone })
    expect([sent.status, sent.headers.get('location')]).toEqual([303, challengeUrl])
    expect((await carol.page('/second-factor/')).text).toContain(`action="${verify}"`)
    const wrong = await carol.submit(verify, { code: wrongCode(codeTo(newPhone)) })
    const page = await expectRefusedForm(carol, wrong, /You have 4 tries left/)
    expect(page.text).toContain(`action="${verify}"`)
    const right = await carol.submit(verify, { code: codeTo(newPhone) })
    expect([right.status, right.headers.get('location')]).toEqual([303, '/account?tab=2'])
    expect(await isIn(carol)).toBe(true)
  })

  test('is the one the code was sent to, whatever the body says', async () => {
    const carol = await app.login('carol')
    await carol.post(phone, { phone: newPhone })
    await carol.post(verify, { code: codeTo(newPhone), phone: '+33699999999', number: '+1' })
    expect(kept).toEqual([['carol', newPhone]])
  })

  test('is saved once, however often its code is submitted', async () => {
    const carol = await app.login('carol')
    await carol.post(phone, { phone: newPhone })
    const code = codeTo(newPhone)
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => carol.copy().post(verify, { code })),
    )
    expect(kept).toEqual([['carol', newPhone]])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('can be verified only by the session that added it', async () => {
    const carol = await app.login('carol')
    await carol.post(phone, { phone: newPhone })
    const other = await app.login('carol')
    expectProblem(await other.post(verify, { code: codeTo(newPhone) }), 'no_challenge')
    expect(kept).toEqual([])
  })

  test('is sent its code again by either endpoint', async () => {
    const carol = await app.login('carol')
    await carol.post(phone, { phone: newPhone })
    app.clock.advance(30)
    const again = { expiresAt: app.clock.iso(270), expiresInSeconds: 270 }
    const resent = fresh('78', { ...again, resendAt: app.clock.iso(60), resendInSeconds: 60 })
    expectAnswer(await carol.post('/second-factor/challenge'), 201, resent)
    app.clock.advance(60)
    expect((await carol.post(phone, { phone: newPhone })).status).toBe(201)
    expect(new Set(app.inbox.inbox(newPhone).map(({ code }) => code)).size).toBe(1)
  })

  test('is replaced by another one, which has its own code', async () => {
    const carol = await app.login('carol')
    await carol.post(phone, { phone: newPhone })
    const wait = { retryAt: app.clock.iso(30), retryAfterSeconds: 30 }
    expectProblem(await carol.post(phone, { phone: '+33687654321' }), 'cooldown', {
      ...{ ...wait, challenge: fresh('78') },
    })
    app.clock.advance(30)
    await carol.post(phone, { phone: '+33687654321' })
    expectProblem(await carol.post(verify, { code: codeTo(newPhone) }), 'code_incorrect', {
      attemptsLeft: 4,
    })
    await carol.post(verify, { code: codeTo('+33687654321') })
    expect(kept).toEqual([['carol', '+33687654321']])
  })
})

describe('an unverified phone', () => {
  test('can be corrected with the password alone', async () => {
    const erin = await app.login('erin')
    const old = codeTo('+14155550123')
    app.clock.advance(30)
    const sent = fresh('78', { resendAt: app.clock.iso(60), resendInSeconds: 60 })
    expectAnswer(await erin.post(phone, { phone: newPhone }), 201, sent)
    expectProblem(await erin.post('/second-factor/verify', { code: old }), 'no_challenge')
    const answer = await erin.post(verify, { code: codeTo(newPhone) })
    expectAnswer(answer, 200, { status: 'verified', phone: '••••78', ...passed() })
    expect(kept).toEqual([['erin', newPhone]])
  })

  test('can be corrected even if it is not a phone at all', async () => {
    const erin = app.users.find(({ username }) => username === 'erin')
    if (erin) erin.phone = 'call me'
    const browser = await app.login('erin')
    expect((await browser.page('/second-factor/')).text).toContain(`action="${phone}"`)
    expectAnswer(await browser.post(phone, { phone: newPhone }), 201, fresh('78'))
  })

  test('is verified by a sign-in code sent to it', async () => {
    const erin = await app.login('erin')
    const code = codeTo('+14155550123')
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => erin.copy().post('/second-factor/verify', { code })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(kept).toEqual([['erin', '+14155550123']])
    const other = await app.login('erin')
    expectProblem(await other.post(phone, { phone: newPhone }), 'second_factor_required', {
      challengeUrl,
    })
  })

  test('is not verified by a code sent to another phone', async () => {
    const erin = await app.login('erin')
    const user = app.users.find(({ username }) => username === 'erin')
    if (user) user.phone = newPhone
    const code = codeTo('+14155550123')
    expectProblem(await erin.post('/second-factor/verify', { code }), 'no_challenge')
    expect([kept, await isIn(erin)]).toEqual([[], false])
  })
})

describe('refused phones', () => {
  test.each([
    ['abc', 'destination_invalid'],
    ['123456', 'destination_invalid'],
    ['0612345678', 'destination_invalid'],
    ['+999123456789', 'destination_invalid'],
    ['+33612345678,+33687654321', 'destination_invalid'],
    [`+336${'1'.repeat(40)}`, 'destination_invalid'],
    ['+4915112345678', 'destination_blocked'],
    ['+33899123456', 'destination_blocked'],
  ] as const)('%s is %s, with nothing sent or counted', async (text, code) => {
    const carol = await app.login('carol')
    expectProblem(await carol.post(phone, { phone: text }), code)
    expect([app.inbox.inbox(), await app.store.read('3')]).toEqual([[], null])
  })
})

test('wrong codes for a phone count like any other, up to the lock', async () => {
  const carol = await app.login('carol')
  await carol.post(phone, { phone: newPhone })
  const code = wrongCode(codeTo(newPhone))
  for (const attemptsLeft of [4, 3, 2, 1, 0]) {
    expectProblem(await carol.post(verify, { code }), 'code_incorrect', { attemptsLeft })
  }
  const spent = { attemptsLeft: 0, retryAt: app.clock.iso(30), retryAfterSeconds: 30 }
  expectProblem(await carol.post(verify, { code: codeTo(newPhone) }), 'attempts_exhausted', spent)
  app.clock.advance(30)
  await carol.post(phone, { phone: newPhone })
  app.clock.advance(310)
  expectProblem(await carol.post(verify, { code }), 'code_expired')
  expect((await app.store.read('3'))?.failures).toBe(5)
})
