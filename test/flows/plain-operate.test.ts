/** What the plain calls tell of a subject, and what each of an operator's tools changes, and leaves alone. */

import { beforeEach, describe, expect, test } from 'vitest'

import { wrongFor } from '../support/app.js'
import { job, openPlain, t0, type Plain } from '../support/plain.js'

let plain: Plain
beforeEach(() => {
  plain = openPlain()
})

const told = (answer: { status: string; code?: string }) => answer.code ?? answer.status
const last = () => plain.codes().at(-1) ?? ''
const start = () => plain.secondFactor.start(job())
const status = () => plain.secondFactor.status(job())
const fail = async (times: number) => {
  for (let guess = 0; guess < times; guess += 1) {
    await plain.secondFactor.verify(job(), wrongFor(last()))
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
  plain.now += 30_000
  await start()
  await fail(5)
}

describe('the status', () => {
  test('of nobody yet is untouched, and leaves no row', async () => {
    expect(await status()).toEqual(untouched)
    expect(await plain.store.read('job-7')).toBeNull()
  })

  test('counts attempts, seconds, messages and the wait as they go', async () => {
    await start()
    const at = (seconds: number) => new Date(t0 + seconds * 1000)
    expect(await status()).toMatchObject({
      ...{ sends: 1, failures: 0, nextSendAt: at(30) },
      challenge: { attemptsLeft: 5, expiresInSeconds: 300, resendInSeconds: 30 },
    })
    plain.now += 29_001
    await fail(2)
    expect(await status()).toMatchObject({
      ...{ sends: 1, failures: 2, nextSendAt: at(30) },
      challenge: { attemptsLeft: 3, expiresInSeconds: 271, resendInSeconds: 1 },
    })
    plain.now += 999
    expect(await status()).toMatchObject({ nextSendAt: null, challenge: { resendInSeconds: 0 } })
    await start()
    expect(await status()).toMatchObject({
      ...{ sends: 2, nextSendAt: at(90), challenge: { attemptsLeft: 3, expiresInSeconds: 270 } },
    })
    await fail(3)
    expect(await status()).toMatchObject({ challenge: { attemptsLeft: 0 } })
    plain.now = t0 + 300_000
    expect(await status()).toMatchObject({ challenge: { expiresInSeconds: 0 }, nextSendAt: null })
    plain.now += 10_000
    expect(await status()).toMatchObject({ challenge: null, failures: 5, sends: 2 })
  })

  test('starts from nothing after a success, but for the budget of the day', async () => {
    await start()
    await fail(1)
    await plain.secondFactor.verify(job(), last())
    expect(await status()).toEqual(untouched)
    expect((await plain.store.read('job-7'))?.sends.windowCount).toBe(1)
  })

  test('tells of a lock until it is over', async () => {
    await lock()
    const lockedUntil = plain.at(1800)
    expect(await status()).toMatchObject({ locked: true, lockedUntil, failures: 10 })
    expect(told(await start())).toBe('locked_out')
    expect(told(await plain.secondFactor.verify(job(), last()))).toBe('locked_out')
    plain.now += 1_800_000
    expect(await status()).toMatchObject({ locked: false, lockedUntil: null, failures: 10 })
    expect(told(await start())).toBe('pending')
  })
})

describe('resetting the attempts', () => {
  test('gives the running code its whole budget again', async () => {
    await start()
    await fail(5)
    expect(told(await plain.secondFactor.verify(job(), last()))).toBe('attempts_exhausted')
    await plain.secondFactor.resetAttempts(job())
    expect(await status()).toMatchObject({ failures: 0, sends: 1, challenge: { attemptsLeft: 5 } })
    expect(told(await plain.secondFactor.verify(job(), last()))).toBe('passed')
  })

  test('ends a lock, and the hard stop', async () => {
    await lock()
    await plain.secondFactor.resetAttempts(job())
    expect(await status()).toMatchObject({ locked: false, failures: 0 })
    expect(told(await plain.secondFactor.verify(job(), last()))).toBe('passed')

    plain = openPlain({ policy: { hardStopFailures: 1 } })
    await start()
    await fail(1)
    expect(await status()).toMatchObject({ locked: true, lockedUntil: null })
    await plain.secondFactor.resetAttempts(job())
    expect(told(await plain.secondFactor.verify(job(), last()))).toBe('passed')
  })

  test('brings no message and no longer life', async () => {
    await start()
    plain.now += 10_000
    await plain.secondFactor.resetAttempts(job())
    expect(told(await start())).toBe('cooldown')
    expect(await status()).toMatchObject({ challenge: { expiresInSeconds: 290 } })
  })
})

describe('resetting the messages', () => {
  test('ends the wait, the ladder and the day’s budget', async () => {
    plain = openPlain({ policy: { sendsPerDay: 2 } })
    await start()
    plain.now += 30_000
    await start()
    expect(told(await start())).toBe('send_limit')
    await plain.secondFactor.resetResends(job())
    expect(await status()).toMatchObject({ sends: 0, nextSendAt: null })
    expect(await start()).toMatchObject({ resendInSeconds: 30 })
    expect(await status()).toMatchObject({ sends: 1 })
  })

  test('keeps the code, its budget, the failures and a lock', async () => {
    await lock()
    await plain.secondFactor.resetResends(job())
    expect(await status()).toMatchObject({ failures: 10, locked: true, sends: 0 })
    expect(told(await start())).toBe('locked_out')
    await plain.secondFactor.resetAttempts(job())
    expect(told(await plain.secondFactor.verify(job(), last()))).toBe('passed')
  })
})

describe('a whole reset', () => {
  test('forgets everything but the grants, and the old code is dead', async () => {
    await lock()
    const old = last()
    await plain.secondFactor.reset(job())
    expect(await status()).toEqual(untouched)
    expect(told(await plain.secondFactor.verify(job(), old))).toBe('no_challenge')
    expect(told(await start())).toBe('pending')
    if (last() !== old) {
      expect(told(await plain.secondFactor.verify(job(), old))).toBe('code_incorrect')
    }
    expect(told(await plain.secondFactor.verify(job(), last()))).toBe('passed')
  })
})

describe('ending a code', () => {
  test('ends it now, its grace included, and nothing else', async () => {
    await start()
    await fail(1)
    await plain.secondFactor.expire(job())
    expect(told(await plain.secondFactor.verify(job(), last()))).toBe('code_expired')
    expect(await status()).toMatchObject({ challenge: null, failures: 1, sends: 1 })
    expect(told(await start())).toBe('cooldown')
    plain.now += 30_000
    const old = last()
    expect(await start()).toMatchObject({ attemptsLeft: 5, expiresInSeconds: 300 })
    expect(last()).not.toBe(old)
  })

  test('makes none live longer that had expired before', async () => {
    await start()
    plain.now += 400_000
    const before = await plain.store.read('job-7')
    await plain.secondFactor.expire(job())
    expect((await plain.store.read('job-7'))?.challenge).toEqual(before?.challenge)
  })
})

describe('a revocation', () => {
  test('ends the running code, and keeps failures, lock and messages', async () => {
    await start()
    await fail(2)
    await plain.secondFactor.revoke(job())
    expect(told(await plain.secondFactor.verify(job(), last()))).toBe('no_challenge')
    expect(await status()).toMatchObject({ challenge: null, failures: 2, sends: 1 })
    expect(told(await start())).toBe('cooldown')
  })
})

test.each(['reset', 'resetAttempts', 'resetResends', 'expire', 'revoke'] as const)(
  '%s of nobody yet does no harm',
  async (tool) => {
    await plain.secondFactor[tool](job())
    expect(await status()).toEqual(untouched)
    expect(told(await start())).toBe('pending')
  },
)

test('the events hear of each tool', async () => {
  for (const tool of ['reset', 'resetAttempts', 'resetResends', 'expire'] as const) {
    await plain.secondFactor[tool](job())
  }
  await plain.secondFactor.revoke(job())
  const about = { subject: 'job-7', at: plain.at() }
  expect(plain.events).toEqual([
    ...['all', 'attempts', 'resends', 'challenge'].map((cleared) => {
      return { type: 'reset', cleared, ...about }
    }),
    { type: 'all_grants_revoked', ...about },
  ])
})
