/** The status of a subject, and the effects of each operator call. */

import { beforeEach, describe, expect, test } from 'vitest'

import { t0 } from '../support/clock.js'
import { outcomeOf, wrongCode } from '../support/codes.js'
import { job, openHeadless, type Headless } from '../support/headless.js'
import { phoneOf, rowOf } from '../support/rows.js'

let headless: Headless
beforeEach(() => {
  headless = openHeadless()
})

const last = () => headless.codes().at(-1) ?? ''
const start = () => headless.secondFactor.start(job())
const status = () => headless.secondFactor.status(job())
const fail = async (times: number) => {
  for (let guess = 0; guess < times; guess += 1) {
    await headless.secondFactor.verify(job(), wrongCode(last()))
  }
}
const untouched = {
  ...{ challenge: null, failures: 0, locked: false, lockedUntil: null },
  ...{ nextSendAt: null, sends: 0 },
}

/** Two codes used up, and with them the tenth failure in a row. */
async function lock(): Promise<void> {
  await start()
  await fail(5)
  headless.now += 30_000
  await start()
  await fail(5)
}

describe('the status', () => {
  test('of a subject without a row is the default, and creates no row', async () => {
    expect(await status()).toEqual(untouched)
    expect(await headless.store.read('job-7')).toBeNull()
  })

  test('counts attempts, seconds, messages and the wait', async () => {
    await start()
    const at = (seconds: number) => new Date(t0 + seconds * 1000)
    expect(await status()).toMatchObject({
      ...{ sends: 1, failures: 0, nextSendAt: at(30) },
      challenge: { attemptsLeft: 5, expiresInSeconds: 300, resendInSeconds: 30 },
    })
    headless.now += 29_001
    await fail(2)
    expect(await status()).toMatchObject({
      ...{ sends: 1, failures: 2, nextSendAt: at(30) },
      challenge: { attemptsLeft: 3, expiresInSeconds: 271, resendInSeconds: 1 },
    })
    headless.now += 999
    expect(await status()).toMatchObject({ nextSendAt: null, challenge: { resendInSeconds: 0 } })
    await start()
    expect(await status()).toMatchObject({
      ...{ sends: 2, nextSendAt: at(90), challenge: { attemptsLeft: 3, expiresInSeconds: 270 } },
    })
    await fail(3)
    expect(await status()).toMatchObject({ challenge: { attemptsLeft: 0 } })
    headless.now = t0 + 300_000
    expect(await status()).toMatchObject({ challenge: { expiresInSeconds: 0 }, nextSendAt: null })
    headless.now += 10_000
    expect(await status()).toMatchObject({ challenge: null, failures: 5, sends: 2 })
  })

  test('is the default again after a pass, which credits its message to the daily limit', async () => {
    await start()
    await fail(1)
    await headless.secondFactor.verify(job(), last())
    expect(await status()).toEqual(untouched)
    const { sends } = phoneOf(await rowOf(headless.store, 'job-7'))
    expect([sends.windowCount, sends.answeredCount]).toEqual([0, 1])
  })

  test('shows a lock until it is over', async () => {
    await lock()
    const lockedUntil = headless.at(1800)
    expect(await status()).toMatchObject({ locked: true, lockedUntil, failures: 10 })
    expect(outcomeOf(await start())).toBe('locked_out')
    expect(outcomeOf(await headless.secondFactor.verify(job(), last()))).toBe('locked_out')
    headless.now += 1_800_000
    expect(await status()).toMatchObject({ locked: false, lockedUntil: null, failures: 10 })
    expect(outcomeOf(await start())).toBe('pending')
  })
})

describe('resetting the attempts', () => {
  test('restores all attempts for the pending code', async () => {
    await start()
    await fail(5)
    expect(outcomeOf(await headless.secondFactor.verify(job(), last()))).toBe('attempts_exhausted')
    await headless.secondFactor.resetAttempts(job())
    expect(await status()).toMatchObject({ failures: 0, sends: 1, challenge: { attemptsLeft: 5 } })
    expect(outcomeOf(await headless.secondFactor.verify(job(), last()))).toBe('passed')
  })

  test('ends a lock, and the hard stop', async () => {
    await lock()
    await headless.secondFactor.resetAttempts(job())
    expect(await status()).toMatchObject({ locked: false, failures: 0 })
    expect(outcomeOf(await headless.secondFactor.verify(job(), last()))).toBe('passed')

    headless = openHeadless({ policy: { hardStopFailures: 1 } })
    await start()
    await fail(1)
    expect(await status()).toMatchObject({ locked: true, lockedUntil: null })
    await headless.secondFactor.resetAttempts(job())
    expect(outcomeOf(await headless.secondFactor.verify(job(), last()))).toBe('passed')
  })

  test('neither shortens the wait nor extends the code’s lifetime', async () => {
    await start()
    headless.now += 10_000
    await headless.secondFactor.resetAttempts(job())
    expect(outcomeOf(await start())).toBe('cooldown')
    expect(await status()).toMatchObject({ challenge: { expiresInSeconds: 290 } })
  })
})

describe('resetting the resends', () => {
  test('clears the wait, the ladder and the daily limit', async () => {
    headless = openHeadless({ policy: { sendsPerDay: 2 } })
    await start()
    headless.now += 30_000
    await start()
    expect(outcomeOf(await start())).toBe('send_limit')
    await headless.secondFactor.resetResends(job())
    expect(await status()).toMatchObject({ sends: 0, nextSendAt: null })
    expect(await start()).toMatchObject({ resendInSeconds: 30 })
    expect(await status()).toMatchObject({ sends: 1 })
  })

  test('keeps the code, its attempts, the failures and a lock', async () => {
    await lock()
    await headless.secondFactor.resetResends(job())
    expect(await status()).toMatchObject({ failures: 10, locked: true, sends: 0 })
    expect(outcomeOf(await start())).toBe('locked_out')
    await headless.secondFactor.resetAttempts(job())
    expect(outcomeOf(await headless.secondFactor.verify(job(), last()))).toBe('passed')
  })
})

describe('a whole reset', () => {
  test('clears everything except the grants, and the old code no longer passes', async () => {
    await lock()
    const old = last()
    await headless.secondFactor.reset(job())
    expect(await status()).toEqual(untouched)
    expect(outcomeOf(await headless.secondFactor.verify(job(), old))).toBe('no_challenge')
    expect(outcomeOf(await start())).toBe('pending')
    if (last() !== old) {
      expect(outcomeOf(await headless.secondFactor.verify(job(), old))).toBe('code_incorrect')
    }
    expect(outcomeOf(await headless.secondFactor.verify(job(), last()))).toBe('passed')
  })
})

describe('ending a code', () => {
  test('ends it now, including its grace, and changes nothing else', async () => {
    await start()
    await fail(1)
    await headless.secondFactor.expire(job())
    expect(outcomeOf(await headless.secondFactor.verify(job(), last()))).toBe('code_expired')
    expect(await status()).toMatchObject({ challenge: null, failures: 1, sends: 1 })
    expect(outcomeOf(await start())).toBe('cooldown')
    headless.now += 30_000
    const old = last()
    expect(await start()).toMatchObject({ attemptsLeft: 5, expiresInSeconds: 300 })
    expect(last()).not.toBe(old)
  })

  test('does not extend one that had expired', async () => {
    await start()
    headless.now += 400_000
    const before = phoneOf(await rowOf(headless.store, 'job-7'))
    await headless.secondFactor.expire(job())
    const { challenge, sends } = phoneOf(await rowOf(headless.store, 'job-7'))
    expect([challenge?.id, sends]).toEqual([before.challenge?.id, before.sends])
    expect(challenge?.expiresAt).toBeLessThan(before.challenge?.expiresAt ?? 0)
  })
})

describe('a revocation', () => {
  test('ends the pending code, and keeps failures and send counters', async () => {
    await start()
    await fail(2)
    await headless.secondFactor.revoke(job())
    expect(outcomeOf(await headless.secondFactor.verify(job(), last()))).toBe('no_challenge')
    expect(await status()).toMatchObject({ challenge: null, failures: 2, sends: 1 })
    expect(outcomeOf(await start())).toBe('cooldown')
  })
})

test.each(['reset', 'resetAttempts', 'resetResends', 'expire', 'revoke', 'forget'] as const)(
  '%s of a subject without a row does no harm',
  async (tool) => {
    await headless.secondFactor[tool](job())
    expect(await status()).toEqual(untouched)
    expect(outcomeOf(await start())).toBe('pending')
  },
)

test('each call emits an event', async () => {
  for (const tool of ['reset', 'resetAttempts', 'resetResends', 'expire'] as const) {
    await headless.secondFactor[tool](job())
  }
  await headless.secondFactor.revoke(job())
  await headless.secondFactor.forget(job())
  const about = { subject: 'job-7', at: headless.at() }
  expect(headless.events).toEqual([
    ...['all', 'attempts', 'resends', 'challenge'].map((scope) => {
      return { type: 'reset', scope, ...about }
    }),
    { type: 'all_grants_revoked', ...about },
    { type: 'forgotten', ...about },
  ])
})
