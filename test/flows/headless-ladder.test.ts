/** The waits between messages as the environment sets them, from the first message to past the end of the ladder. */

import { describe, expect, test } from 'vitest'

import { policyFromEnv } from '../../src/index.js'
import { job, openHeadless, type Headless } from '../support/headless.js'

function fromEnv(env: Record<string, string>): Headless {
  return openHeadless({ policy: { ...policyFromEnv(env), sendsPerDay: 100 } })
}

/** Sends at the end of each wait, and not a millisecond before; returns the waits. */
async function waits(headless: Headless, count: number): Promise<number[]> {
  const seen: number[] = []
  await headless.secondFactor.start(job())
  while (seen.length < count) {
    const { nextSendAt } = await headless.secondFactor.status(job())
    if (nextSendAt === null) throw new Error('no wait')
    const wait = nextSendAt.getTime() - headless.now
    seen.push(wait)
    headless.now += wait - 1
    expect(await headless.secondFactor.start(job())).toMatchObject({
      ...{ code: 'cooldown', retryAt: nextSendAt, retryAfterSeconds: 1 },
    })
    headless.now += 1
    expect(await headless.secondFactor.start(job())).toMatchObject({ status: 'pending' })
  }
  return seen
}

describe('the four resend durations', () => {
  test('are the waits, and after the last one the ladder starts over', async () => {
    const headless = fromEnv({
      FIRST_RESEND_DURATION: '120000',
      SECOND_RESEND_DURATION: '300000',
      THIRD_RESEND_DURATION: '900000',
      FOURTH_RESEND_DURATION: '86400000',
    })
    const ladder = [120_000, 300_000, 900_000, 86_400_000]
    expect(await waits(headless, 9)).toEqual([...ladder, ...ladder, 120_000])
  })

  test('can be short, and the ladder still starts over', async () => {
    const headless = fromEnv({
      FIRST_RESEND_DURATION: '1000',
      SECOND_RESEND_DURATION: '2000',
      THIRD_RESEND_DURATION: '3500',
      FOURTH_RESEND_DURATION: '4001',
    })
    const ladder = [1000, 2000, 3500, 4001]
    expect(await waits(headless, 10)).toEqual([...ladder, ...ladder, 1000, 2000])
  })

  test('keep their defaults if only one is set', async () => {
    const headless = fromEnv({ THIRD_RESEND_DURATION: '7000' })
    expect(await waits(headless, 5)).toEqual([120_000, 300_000, 7000, 86_400_000, 120_000])
  })

  test('apply to a new code as to a resend', async () => {
    const headless = fromEnv({ FIRST_RESEND_DURATION: '1000', SECOND_RESEND_DURATION: '2000' })
    await headless.secondFactor.start(job())
    headless.now += 999
    const early = await headless.secondFactor.start(job(), { renew: true })
    expect(early).toMatchObject({ code: 'cooldown' })
    headless.now += 1
    await headless.secondFactor.start(job(), { renew: true })
    expect(await headless.secondFactor.status(job())).toMatchObject({ nextSendAt: headless.at(2) })
  })

  test('start over after a pass and after a reset of the resends', async () => {
    const headless = fromEnv({ FIRST_RESEND_DURATION: '1000', SECOND_RESEND_DURATION: '2000' })
    await waits(headless, 1)
    await headless.secondFactor.verify(job(), headless.codes().at(-1) ?? '')
    expect(await headless.secondFactor.start(job())).toMatchObject({ resendInSeconds: 1 })
    headless.now += 1000
    expect(await headless.secondFactor.start(job())).toMatchObject({ resendInSeconds: 2 })
    await headless.secondFactor.resetResends(job())
    expect(await headless.secondFactor.start(job())).toMatchObject({ resendInSeconds: 1 })
  })

  test('do not raise the daily limit', async () => {
    const policy = policyFromEnv({
      ...{ FIRST_RESEND_DURATION: '1000', SECOND_RESEND_DURATION: '1000' },
      ...{ THIRD_RESEND_DURATION: '1000', FOURTH_RESEND_DURATION: '1000' },
    })
    const headless = openHeadless({ policy })
    await waits(headless, 9)
    headless.now += 1000
    expect(await headless.secondFactor.start(job())).toMatchObject({ code: 'send_limit' })
    expect(headless.codes()).toHaveLength(10)
  })
})

describe('the ladder in seconds', () => {
  test('repeats its last wait', async () => {
    const headless = fromEnv({ OTP_RESEND_LADDER_SECONDS: '1, 2, 4' })
    expect(await waits(headless, 6)).toEqual([1000, 2000, 4000, 4000, 4000, 4000])
  })

  test('is 30, 60, 120, 300, 600 by default', async () => {
    expect(await waits(fromEnv({}), 6)).toEqual(
      [30, 60, 120, 300, 600, 600].map((seconds) => seconds * 1000),
    )
  })
})
