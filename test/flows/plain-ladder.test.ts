/** The waits between messages as the environment sets them, driven from the first message to the last and round again. */

import { describe, expect, test } from 'vitest'

import { policyFromEnv } from '../../src/index.js'
import { job, openPlain, type Plain } from '../support/plain.js'

function fromEnv(env: Record<string, string>): Plain {
  return openPlain({ policy: { ...policyFromEnv(env), sendsPerDay: 100 } })
}

/**
 * Sends as soon as each wait is over, and says how long each was: not a millisecond before its end, and
 * at its end at once.
 */
async function waits(plain: Plain, count: number): Promise<number[]> {
  const seen: number[] = []
  await plain.secondFactor.start(job())
  while (seen.length < count) {
    const { nextSendAt } = await plain.secondFactor.status(job())
    if (nextSendAt === null) throw new Error('no wait')
    const wait = nextSendAt.getTime() - plain.now
    seen.push(wait)
    plain.now += wait - 1
    expect(await plain.secondFactor.start(job())).toMatchObject({
      ...{ code: 'cooldown', retryAt: nextSendAt, retryAfterSeconds: 1 },
    })
    plain.now += 1
    expect(await plain.secondFactor.start(job())).toMatchObject({ status: 'pending' })
  }
  return seen
}

describe('the four resend durations', () => {
  test('are the waits, and after the last one the ladder starts again', async () => {
    const plain = fromEnv({
      FIRST_RESEND_DURATION: '120000',
      SECOND_RESEND_DURATION: '300000',
      THIRD_RESEND_DURATION: '900000',
      FOURTH_RESEND_DURATION: '86400000',
    })
    const ladder = [120_000, 300_000, 900_000, 86_400_000]
    expect(await waits(plain, 9)).toEqual([...ladder, ...ladder, 120_000])
  })

  test('may be short, and the ladder still starts again', async () => {
    const plain = fromEnv({
      FIRST_RESEND_DURATION: '1000',
      SECOND_RESEND_DURATION: '2000',
      THIRD_RESEND_DURATION: '3500',
      FOURTH_RESEND_DURATION: '4001',
    })
    const ladder = [1000, 2000, 3500, 4001]
    expect(await waits(plain, 10)).toEqual([...ladder, ...ladder, 1000, 2000])
  })

  test('of which one is set leave the others as they first were', async () => {
    const plain = fromEnv({ THIRD_RESEND_DURATION: '7000' })
    expect(await waits(plain, 5)).toEqual([120_000, 300_000, 7000, 86_400_000, 120_000])
  })

  test('hold for a new code as for the same one', async () => {
    const plain = fromEnv({ FIRST_RESEND_DURATION: '1000', SECOND_RESEND_DURATION: '2000' })
    await plain.secondFactor.start(job())
    plain.now += 999
    const early = await plain.secondFactor.start(job(), { renew: true })
    expect(early).toMatchObject({ code: 'cooldown' })
    plain.now += 1
    await plain.secondFactor.start(job(), { renew: true })
    expect(await plain.secondFactor.status(job())).toMatchObject({ nextSendAt: plain.at(2) })
  })

  test('begin anew with a success, and with a reset of the messages', async () => {
    const plain = fromEnv({ FIRST_RESEND_DURATION: '1000', SECOND_RESEND_DURATION: '2000' })
    await waits(plain, 1)
    await plain.secondFactor.verify(job(), plain.codes().at(-1) ?? '')
    expect(await plain.secondFactor.start(job())).toMatchObject({ resendInSeconds: 1 })
    plain.now += 1000
    expect(await plain.secondFactor.start(job())).toMatchObject({ resendInSeconds: 2 })
    await plain.secondFactor.resetResends(job())
    expect(await plain.secondFactor.start(job())).toMatchObject({ resendInSeconds: 1 })
  })

  test('do not lift the budget of the day', async () => {
    const policy = policyFromEnv({
      ...{ FIRST_RESEND_DURATION: '1000', SECOND_RESEND_DURATION: '1000' },
      ...{ THIRD_RESEND_DURATION: '1000', FOURTH_RESEND_DURATION: '1000' },
    })
    const plain = openPlain({ policy })
    await waits(plain, 9)
    plain.now += 1000
    expect(await plain.secondFactor.start(job())).toMatchObject({ code: 'send_limit' })
    expect(plain.codes()).toHaveLength(10)
  })
})

describe('the ladder in seconds', () => {
  test('repeats its last wait', async () => {
    const plain = fromEnv({ OTP_RESEND_LADDER_SECONDS: '1, 2, 4' })
    expect(await waits(plain, 6)).toEqual([1000, 2000, 4000, 4000, 4000, 4000])
  })

  test('is 30, 60, 120, 300, 600 where nothing says otherwise', async () => {
    expect(await waits(fromEnv({}), 6)).toEqual(
      [30, 60, 120, 300, 600, 600].map((seconds) => seconds * 1000),
    )
  })
})
