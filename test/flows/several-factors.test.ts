/** A user who can pass by several factors: which one a call uses, and what they share. */

import { describe, expect, test } from 'vitest'

import { isRefusal, type FactorDefinition, type SecondFactorOptions } from '../../src/index.js'
import { countingFactor } from '../../src/testing/counting-factor.js'
import { inParallel } from '../../src/testing/contract-fixtures.js'
import type { TestUser } from '../support/app.js'
import { outcomeOf, wrongCode } from '../support/codes.js'
import { openHeadless, type Headless } from '../support/headless.js'
import { phoneOf, rowOf } from '../support/rows.js'

/** A factor whose evidence a person holds already: how often they have passed by it. */
function counting(available = true): FactorDefinition<TestUser> {
  const factor = countingFactor()
  return {
    create: () => ({
      ...factor,
      isAvailable: () => Promise.resolve(available),
      readEvidence: (fields) => Number(fields && Reflect.get(fields, 'code')),
    }),
  }
}

const open = (available = true, options: Partial<SecondFactorOptions<TestUser>> = {}): Headless =>
  openHeadless({ factors: [counting(available)], ...options })

const lastOf = (headless: Headless) => headless.codes().at(-1) ?? ''

describe('a call without a method', () => {
  test('uses the first factor that the user can pass by', async () => {
    const headless = open()
    const { secondFactor, alice } = headless
    expect(outcomeOf(await secondFactor.start(alice))).toBe('no_challenge')
    expect(headless.codes()).toEqual([])
    expect(await secondFactor.verify(alice, '0')).toMatchObject({
      ...{ status: 'passed', method: 'counting', amr: ['pwd', 'mfa'] },
    })
  })

  test('uses the next one if the first is not available to the user', async () => {
    const headless = open(false)
    const { secondFactor, alice } = headless
    expect(await secondFactor.start(alice)).toMatchObject({ status: 'pending', method: 'sms' })
    expect(await secondFactor.verify(alice, lastOf(headless))).toMatchObject({ method: 'sms' })
  })

  test('uses the factor with a pending challenge', async () => {
    const headless = open()
    const { secondFactor, alice } = headless
    await secondFactor.start(alice, { method: 'sms' })
    expect(await secondFactor.verify(alice, lastOf(headless))).toMatchObject({
      ...{ status: 'passed', method: 'sms', amr: ['pwd', 'otp', 'sms', 'mfa'] },
    })
    expect(await secondFactor.verify(alice, '0')).toMatchObject({ method: 'counting' })
  })
})

describe('a call with a method', () => {
  test('uses that factor, whichever challenge is pending', async () => {
    const headless = open()
    const { secondFactor, alice } = headless
    expect(await secondFactor.start(alice, { method: 'sms' })).toMatchObject({ method: 'sms' })
    const code = lastOf(headless)
    const byCount = await secondFactor.verify(alice, '0', { method: 'counting' })
    expect(byCount).toMatchObject({ status: 'passed', method: 'counting' })
    // Whoever has passed needs no code any more.
    expect(outcomeOf(await secondFactor.verify(alice, code, { method: 'sms' }))).toBe(
      'no_challenge',
    )
    expect(phoneOf(await rowOf(headless.store, '1'))).toMatchObject({
      ...{ challenge: null, sends: { rung: 0, nextAt: null } },
    })
  })

  test.each(['totp', '', 'SMS', 'phone'])(
    'is malformed if the method is unknown: %j',
    async (method) => {
      const headless = open()
      const { secondFactor, alice } = headless
      const refused = { status: 'refused', code: 'malformed_request' }
      expect(await secondFactor.start(alice, { method })).toEqual(refused)
      expect(await secondFactor.verify(alice, '0', { method })).toEqual(refused)
      expect([await headless.store.read('1'), headless.codes()]).toEqual([null, []])
    },
  )
})

describe('failures', () => {
  test('of all factors count together, and the lock applies to every guessable factor', async () => {
    const headless = open(true, { policy: { lockAfterFailures: 4 } })
    const { secondFactor, alice } = headless
    await secondFactor.start(alice, { method: 'sms' })
    const code = lastOf(headless)
    for (let nth = 1; nth <= 2; nth += 1) {
      const byCount = await secondFactor.verify(alice, '99', { method: 'counting' })
      const bySms = await secondFactor.verify(alice, wrongCode(code, nth), { method: 'sms' })
      expect([outcomeOf(byCount), outcomeOf(bySms)]).toEqual(['code_incorrect', 'code_incorrect'])
    }
    expect(await secondFactor.status(alice)).toMatchObject({ failures: 4, locked: true })
    for (const [evidence, method] of [
      ['0', 'counting'],
      [code, 'sms'],
    ] as const) {
      expect(outcomeOf(await secondFactor.verify(alice, evidence, { method }))).toBe('locked_out')
    }
    expect(outcomeOf(await secondFactor.start(alice, { method: 'sms' }))).toBe('locked_out')
  })

  test('of all factors at once are judged no more often than the lock allows', async () => {
    const headless = open(true, { policy: { lockAfterFailures: 4 } })
    const { secondFactor, alice } = headless
    await secondFactor.start(alice, { method: 'sms' })
    const code = lastOf(headless)
    const answers = await inParallel(40, (nth) =>
      nth % 2 === 0
        ? secondFactor.verify(alice, '99', { method: 'counting' })
        : secondFactor.verify(alice, wrongCode(code, nth), { method: 'sms' }),
    )
    const wrong = answers.filter((answer) => isRefusal(answer) && answer.code === 'code_incorrect')
    expect(wrong).toHaveLength(4)
    expect(await secondFactor.status(alice)).toMatchObject({ failures: 4, locked: true })
  })

  test('are cleared by passing any factor', async () => {
    const headless = open()
    const { secondFactor, alice } = headless
    await secondFactor.verify(alice, '99')
    await secondFactor.verify(alice, '99')
    await secondFactor.start(alice, { method: 'sms' })
    expect(await secondFactor.status(alice)).toMatchObject({ failures: 2 })
    await secondFactor.verify(alice, lastOf(headless), { method: 'sms' })
    expect(await secondFactor.status(alice)).toMatchObject({ failures: 0 })
  })
})
