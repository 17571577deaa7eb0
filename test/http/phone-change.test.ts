/** Changing a verified phone takes a fresh second factor, and ends every grant of the user. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { UserDirectory } from '../../src/index.js'
import { startTestApp, type TestApp, type TestUser } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { isIn } from '../support/in-or-out.js'
import { failTimes } from '../support/misuse.js'
import { expectProblem } from '../support/problem.js'

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
  app = await startTestApp({ secondFactor: { users: directory } })
})
afterEach(() => app.close())

const codeTo = (to: string) => app.inbox.inbox(to)[0]?.code ?? ''

/** A challenge made just now, for a phone that ends in these digits. */
function fresh(end: string, said: object = {}): object {
  return {
    ...{ status: 'pending', method: 'sms', channel: 'sms', destination: `••••${end}` },
    ...{ codeLength: 6, attemptsLeft: 5, expiresAt: app.clock.iso(300), expiresInSeconds: 300 },
    ...{ resendAt: app.clock.iso(30), resendInSeconds: 30, ...said },
  }
}

describe('a verified phone', () => {
  let alice: Browser
  beforeEach(async () => {
    alice = await app.login('alice')
  })
  const pass = (browser = alice) =>
    browser.post('/second-factor/verify', { code: app.codeFor('alice') })

  test('cannot be changed with the password alone', async () => {
    app.clock.advance(60)
    const refused = await alice.post(phone, { phone: newPhone })
    expectProblem(refused, 'second_factor_required', { challengeUrl })
    expect(app.inbox.inbox()).toHaveLength(1)
  })

  test.each([
    [300, true],
    [301, false],
  ])('%i s after the second factor is changed: %s', async (seconds, allowed) => {
    await pass()
    app.clock.advance(seconds)
    const answer = await alice.post(phone, { phone: newPhone })
    if (allowed) expect([answer.status, answer.json]).toEqual([201, fresh('78')])
    else expectProblem(answer, 'second_factor_stale', { challengeUrl })
    expect(app.inbox.inbox(newPhone)).toHaveLength(allowed ? 1 : 0)
  })

  test('changes at the right code: all the user’s grants end, and this session gets a new one', async () => {
    await pass()
    app.clock.advance(30)
    const other = await app.login('alice')
    await pass(other)
    app.clock.advance(30)
    await alice.post(phone, { phone: newPhone })
    expect([await isIn(alice), await isIn(other), kept]).toEqual([true, true, []])
    const [before, stolen] = [alice.cookies.get('connect.sid'), alice.copy()]
    const answer = await alice.post(verify, { code: codeTo(newPhone) })
    expect([answer.status, answer.json]).toEqual([200, { status: 'verified', phone: '••••78' }])
    expect(kept).toEqual([['alice', newPhone]])
    expect(alice.cookies.get('connect.sid')).not.toBe(before)
    expect([await isIn(alice), await isIn(other), await isIn(stolen)]).toEqual([true, false, false])
    expect((await alice.get('/second-factor/')).json['passedAt']).toBe(app.clock.iso())
    expect((await app.store.read('1'))?.grants).toHaveLength(1)
  })

  test('does not change by resending a code until the second factor is old', async () => {
    await pass()
    app.clock.advance(300)
    await alice.post(phone, { phone: newPhone })
    app.clock.advance(250)
    expect((await alice.post('/second-factor/challenge')).status).toBe(201)
    app.clock.advance(70)
    const late = await alice.post(verify, { code: codeTo(newPhone) })
    expectProblem(late, 'second_factor_stale', { challengeUrl })
    expect(kept).toEqual([])
  })

  test('does not change if it was verified only after this session asked', async () => {
    const erin = await app.login('erin')
    app.clock.advance(30)
    await erin.post(phone, { phone: newPhone })
    const user = app.users.find(({ username }) => username === 'erin')
    if (user) user.verified = true
    const row = await app.store.read('4')
    const refused = await erin.post(verify, { code: codeTo(newPhone) })
    expectProblem(refused, 'second_factor_required', { challengeUrl })
    expect([await app.store.read('4'), kept]).toEqual([row, []])
  })

  test('accepts no code of the old phone after the application has replaced it', async () => {
    await pass()
    await alice.post('/second-factor/challenge')
    const code = app.codeFor('alice')
    const user = app.users.find(({ username }) => username === 'alice')
    if (user) user.phone = newPhone
    expectProblem(await alice.post('/second-factor/verify', { code }), 'no_challenge')
    // As the README asks of an application that changes a phone by itself.
    await app.secondFactor.revoke(user as Express.User)
    expect(await isIn(alice)).toBe(false)
  })

  test('is not changed by a sign-in code', async () => {
    const row = await app.store.read('1')
    expectProblem(await alice.post(verify, { code: app.codeFor('alice') }), 'no_challenge')
    expect(await app.store.read('1')).toEqual(row)
  })
})

test('a locked user gets the lock at both endpoints, before any other refusal', async () => {
  const alice = await app.login('alice')
  await failTimes(app, alice, 'alice', 10)
  const lock = { retryAt: app.clock.iso(1800), retryAfterSeconds: 1800 }
  expectProblem(await alice.post(phone, { phone: newPhone }), 'locked_out', lock)
  expectProblem(await alice.post(phone, { phone: 'abc' }), 'locked_out', lock)
  expectProblem(await alice.post(verify, { code: '123456' }), 'locked_out', lock)
})
