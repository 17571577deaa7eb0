/** A code that an operator ends during a vendor call stays ended, and a refused start costs nobody their pending code. */

import { describe, expect, test } from 'vitest'

import type { HostedStartResult } from '../../src/factors/phone/ports/hosted-verifier.js'
import { openHosted, typed, heldCheck, type HostedRig } from '../factors/phone/hosted-rig.js'
import { forget, reset } from '../../src/flows/admin.js'
import { endAllGrants } from '../../src/flows/grants.js'
import { ask, begin, deferred, guess, subject, turns } from '../flows/rig.js'
import { hour, minute, second } from '../support/clock.js'
import { outcomeOf } from '../support/codes.js'
import { india } from '../support/phones.js'
import { rowOf } from '../support/rows.js'

/** A start that has reached the vendor, and that the test settles when it is time. */
async function heldStart(hosted: HostedRig) {
  const held = deferred<HostedStartResult>()
  hosted.start = () => held.promise
  const answer = ask(hosted.rig)
  await turns()
  return { held, answer }
}

describe('while the vendor starts a code', () => {
  test.each<[string, (hosted: HostedRig) => Promise<unknown>]>([
    ['a revocation', ({ rig }) => endAllGrants(rig.context, subject)],
    ['a reset', ({ rig }) => reset(rig.context, subject, 'all')],
    ['erasing the user', ({ rig }) => forget(rig.context, subject, [])],
  ])('%s ends it at the vendor too, so that the next start sends a new one', async (_w, end) => {
    const hosted = openHosted()
    const { held, answer } = await heldStart(hosted)
    await end(hosted)
    expect(hosted.calls).toEqual(['start sms'])
    held.resolve({ status: 'started', ref: 'V1' })
    expect(await answer).toMatchObject({ answer: { code: 'no_challenge' } })
    expect(hosted.calls).toEqual(['start sms', 'cancel V1'])
  })

  test('ending its challenge keeps the verification that the next start has to cancel', async () => {
    const hosted = openHosted()
    const { held, answer } = await heldStart(hosted)
    await reset(hosted.rig.context, subject, 'challenge')
    held.resolve({ status: 'started', ref: 'V1' })
    const { sessionKey } = await answer
    expect(outcomeOf(await guess(hosted.rig, typed(sessionKey)))).toBe('code_expired')
    hosted.rig.now += 30 * second
    await ask(hosted.rig)
    expect(hosted.calls).toEqual(['start sms', 'cancel V1', 'start sms'])
  })
})

test('a cancel that failed at a revocation is repeated before the next start', async () => {
  const hosted = openHosted()
  await begin(hosted.rig)
  hosted.cancel = () => Promise.reject(new Error('down'))
  await endAllGrants(hosted.rig.context, subject)
  hosted.rig.now += 30 * second
  await ask(hosted.rig)
  expect(hosted.calls).toEqual(['start sms', 'cancel V1', 'cancel V1', 'start sms'])
})

describe('while the vendor judges a code', () => {
  test.each([
    ['runs', 0],
    ['has expired since it was typed', 6 * minute],
  ])('the end of a challenge that %s wins over the approval', async (_what, passed) => {
    const hosted = openHosted()
    const { held, outcome } = await heldCheck(hosted, await begin(hosted.rig))
    hosted.rig.now += passed
    await reset(hosted.rig.context, subject, 'challenge')
    held.resolve({ status: 'approved' })
    expect(outcomeOf(await outcome)).toBe('code_expired')
    expect(await rowOf(hosted.rig.store, subject)).toMatchObject({ grants: [], failures: 0 })
  })

  test('reset attempts stay reset, whatever the check returns', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    await guess(hosted.rig, typed(id))
    const { held, outcome } = await heldCheck(hosted, id)
    await reset(hosted.rig.context, subject, 'attempts')
    held.resolve({ status: 'unavailable', judged: 'no' })
    await outcome
    const { failures, factors } = await rowOf(hosted.rig.store, subject)
    expect([failures, factors['phone']]).toMatchObject([0, { challenge: { attempts: 0 } }])
  })
})

test('a code ended by a process whose clock is ahead is void in the others', async () => {
  const hosted = openHosted()
  const id = await begin(hosted.rig)
  hosted.check = () => Promise.resolve({ status: 'approved' })
  hosted.rig.now += hour
  await reset(hosted.rig.context, subject, 'challenge')
  hosted.rig.now -= hour
  expect(outcomeOf(await guess(hosted.rig, typed(id)))).toBe('code_expired')
})

describe('a start that the vendor refuses', () => {
  const refused: HostedStartResult = { status: 'rejected', reason: 'destination_invalid' }

  test('for another phone keeps the pending code, at the vendor too', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    hosted.rig.now += 30 * second
    hosted.start = () => Promise.resolve(refused)
    await ask(hosted.rig, { purpose: 'enrolment', destination: india })
    expect(hosted.calls).toEqual(['start sms', 'start sms'])
    hosted.check = () => Promise.resolve({ status: 'approved' })
    expect(outcomeOf(await guess(hosted.rig, typed(id)))).toBe('passed')
  })

  test('for the same phone costs no failure if the vendor has already ended the code', async () => {
    const hosted = openHosted()
    const id = await begin(hosted.rig)
    hosted.rig.now += 30 * second
    hosted.start = () => Promise.resolve(refused)
    await ask(hosted.rig)
    expect(hosted.calls).toEqual(['start sms', 'cancel V1', 'start sms'])
    hosted.check = () => Promise.resolve({ status: 'ended' })
    expect(outcomeOf(await guess(hosted.rig, typed(id)))).toBe('code_expired')
    expect(await rowOf(hosted.rig.store, subject)).toMatchObject({ failures: 0 })
  })
})
