/**
 * The attacker asks `/otp/generate` for codes to phones of other people, and compares the answers under every limit: a
 * difference would tell who has an account. Phones of users and phones that nobody has must get the same status, headers
 * and body.
 */

import { afterEach, expect, test } from 'vitest'

import { memoryCounts } from '../../src/adapters/memory/memory-counts.js'
import { forSubject } from '../../src/index.js'
import type { CountStore, LimitsOptions } from '../../src/index.js'
import type { Answer } from '../support/browser.js'
import { erins, startPhoneApp, type PhoneApp } from '../support/phone-verification.js'

/** A verified phone, one that its user has not verified, and two that nobody has. */
const alices = '+237671234567'
const phones = [alices, erins, '+237671234599', '+14155550199'] as const

let app: PhoneApp
afterEach(() => app.close())

async function open(limits: Partial<LimitsOptions> & { readonly counts?: CountStore }) {
  app = await startPhoneApp({
    limits: { counts: memoryCounts(), ...limits },
    policy: { standards: 'relaxed', sendsPerDay: 100 },
  })
}

/** All that an answer tells, but for the time of day. */
function seen({ status, headers, text }: Answer): object {
  const told = Object.fromEntries(headers)
  delete told['date']
  return { status, headers: told, text }
}

/** Asks for a code to each phone, expects the same answers, and returns one. */
async function expectNoDifference(): Promise<Answer> {
  const answers: Answer[] = []
  for (const phone of phones) answers.push(await app.generate(phone))
  const [first, ...others] = answers
  if (first === undefined) throw new Error('no answer')
  for (const other of others) expect(seen(other)).toEqual(seen(first))
  return first
}

test('all phones look alike where a code is sent', async () => {
  await open({})
  expect((await expectNoDifference()).status).toBe(200)
})

test('all phones look alike at the limit of the phone', async () => {
  await open({ rules: { phone: { newPerDay: 1 } } })
  await expectNoDifference()
  app.clock.advance(3_600)
  const refused = await expectNoDifference()
  expect([refused.status, refused.json['code']]).toEqual([429, 'send_limit'])
})

test('a user who signs in often does not change the answer for their phone', async () => {
  await open({ rules: { phone: { newPerDay: 2, perDay: 20 } } })
  for (let n = 0; n < 3; n += 1) {
    const [alice] = app.users
    await app.secondFactor.start(alice as Express.User)
    app.clock.advance(3_600)
  }
  expect((await expectNoDifference()).status).toBe(200)
})

test('all phones look alike where they are denied', async () => {
  await open({ deny: { prefixes: ['+237', '+1'] } })
  const refused = await expectNoDifference()
  expect([refused.status, refused.json['code']]).toEqual([422, 'destination_blocked'])
})

test('all phones look alike while the counts do not answer', async () => {
  const sums = () => Promise.reject(new Error('gone'))
  await open({ counts: { ...memoryCounts(), sums } })
  const refused = await expectNoDifference()
  expect([refused.status, refused.json['code']]).toEqual([503, 'delivery_unavailable'])
})

test('all phones look alike at a limit that everybody shares, but for a wait that is random', async () => {
  await open({ rules: { application: { perDay: 1, newShare: 1 } } })
  await app.secondFactor.start(forSubject('somebody', '+33612345678'))
  const waits = new Set<unknown>()
  for (const phone of phones) {
    const { status, json } = await app.generate(phone)
    const { retryAt, retryAfterSeconds, ...others } = json
    expect([status, others['code']]).toEqual([429, 'send_limit'])
    expect(Object.keys(others).toSorted()).toEqual(
      ['type', 'title', 'status', 'detail', 'code'].toSorted(),
    )
    expect(Number(retryAfterSeconds)).toBeGreaterThanOrEqual(600)
    expect(Number(retryAfterSeconds)).toBeLessThanOrEqual(1_200)
    waits.add(retryAt)
  }
  expect(waits.size).toBeGreaterThan(1)
})
